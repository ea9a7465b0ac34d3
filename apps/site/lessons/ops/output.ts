import { weightedContext } from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';
import type { Computation } from './computation.js';

/** From scores e [1, T] over annotations h [T, M] to what is said: α = softmax(e), c = Σ α h, y = softmax(c U) with U [M, V]. */
export const output: Computation = {
  needs: ['e', 'h', 'U'],
  compute({ e, h, U }) {
    const { weights, context } = weightedContext(e!, h!, { returnWeights: true });
    return { α: weights, c: context, y: tf.softmax(tf.matMul(context as tf.Tensor2D, U!)) };
  },
};
