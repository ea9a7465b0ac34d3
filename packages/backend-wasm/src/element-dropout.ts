import { util, type TensorInfo } from '@tensorflow/tfjs-core';
import { dropoutThreshold, type DropoutAttributes, type ModelKernels } from '@heed/core/model-ops';
import type { WasmEngine } from './engine.js';
import type { ModelExports } from './model-exports.js';
import { withOutputs } from './outputs.js';

/** Dropout of elements, whose random words the kernel computes. */
export function elementDropout(
  engine: WasmEngine,
  kernels: Pick<ModelExports, 'dropout'>,
): Required<NonNullable<ModelKernels['dropout']>> {
  const dropped = (x: TensorInfo, attributes: DropoutAttributes): TensorInfo =>
    withOutputs(engine, (make) => {
      const y = make(x.shape);
      const { rate, key, counter } = attributes;
      const [from, to] = [engine.address(x), engine.address(y)];
      const count = util.sizeFromShape(x.shape);
      kernels.dropout(from, to, count, dropoutThreshold(attributes), 1 / (1 - rate), ...key, ...counter);
      return y;
    });

  return {
    forward: ({ x }, attributes) => ({ y: dropped(x, attributes) }),
    backward: ({ dY }, attributes) => ({ dX: dropped(dY, attributes) }),
  };
}
