import * as tf from '@tensorflow/tfjs-core';
import type { ComposedModelOp } from '../define.js';
import { GELU_FORMULAS } from './formulas.js';
import type { geluSpec } from './spec.js';

export const composedGelu: ComposedModelOp<typeof geluSpec> = {
  forward: ({ x }, { approximate }) => ({ y: GELU_FORMULAS[approximate].value(x) }),
  backward: ({ x, dY }, { approximate }) => ({ dX: tf.mul(dY, GELU_FORMULAS[approximate].slope(x)) }),
};
