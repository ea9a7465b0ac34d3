import * as tf from '@tensorflow/tfjs-core';
import type { ComposedModelOp } from '../define.js';
import { selectionOf } from '../reading.js';
import type { toStepsSpec } from './spec.js';

export const composedToSteps: ComposedModelOp<typeof toStepsSpec> = {
  forward({ x }, { direction, lengths }) {
    const selection = selectionOf(direction, lengths, x.shape[1]!);
    return { steps: tf.transpose(tf.matMul(selection, x), [1, 0, 2]) };
  },

  backward({ dSteps }, { direction, lengths }) {
    const selection = selectionOf(direction, lengths, dSteps.shape[0]!);
    return { dX: tf.matMul(selection, tf.transpose(dSteps, [1, 0, 2]), true, false) };
  },
};
