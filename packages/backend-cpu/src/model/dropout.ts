import type { TensorInfo } from '@tensorflow/tfjs-core';
import { dropoutFactors, type DropoutAttributes } from '@heed/core/model-ops';
import type { CpuEngine } from '../engine.js';
import type { Passes } from './passes.js';

export const dropout: Passes<'dropout'> = (engine) => ({
  forward: ({ x }, attributes) => ({ y: dropped(engine, x, attributes) }),
  backward: ({ dY }, attributes) => ({ dX: dropped(engine, dY, attributes) }),
});

function dropped(engine: CpuEngine, x: TensorInfo, attributes: DropoutAttributes): TensorInfo {
  const values = engine.floats(x);
  const y = dropoutFactors(attributes, values.length);
  for (let n = 0; n < y.length; n++) y[n] *= values[n];
  return engine.output(x.shape, y);
}
