import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { ComposedModelOp } from '../define.js';
import { dropoutFactors } from './factors.js';
import type { DropoutAttributes, dropoutSpec } from './spec.js';

const dropped = (x: Tensor, attributes: DropoutAttributes): Tensor =>
  tf.mul(x, tf.tensor(dropoutFactors(attributes, x.size), x.shape));

export const composedDropout: ComposedModelOp<typeof dropoutSpec> = {
  forward: ({ x }, attributes) => ({ y: dropped(x, attributes) }),
  backward: ({ dY }, attributes) => ({ dX: dropped(dY, attributes) }),
};
