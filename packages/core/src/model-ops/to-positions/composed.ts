import * as tf from '@tensorflow/tfjs-core';
import type { ComposedModelOp } from '../define.js';
import { selectionOf } from '../reading.js';
import type { toPositionsSpec } from './spec.js';

export const composedToPositions: ComposedModelOp<typeof toPositionsSpec> = {
  forward({ states }, { directions, lengths, time }) {
    const parts = directions.map((direction, d) => {
      const steps = tf.stack(states.slice(d * time, (d + 1) * time), 1); // [B, T, H]
      return tf.matMul(selectionOf(direction, lengths, time), steps, true, false);
    });
    return { memory: tf.concat(parts, 2) };
  },

  backward({ dMemory }, { directions, lengths, time }) {
    const parts = tf.split(dMemory, directions.length, 2);
    const dStates = directions.flatMap((direction, d) => {
      const steps = tf.matMul(selectionOf(direction, lengths, time), parts[d]); // [B, T, H]
      return tf.unstack(steps, 1);
    });
    return { dStates };
  },
};
