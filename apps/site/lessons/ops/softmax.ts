import { weightedContext } from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';
import type { Computation } from './computation.js';

/** Softmax of scores e [1, T], divided by a temperature τ. */
export const softmax: Computation = {
  needs: ['e', 'τ'],
  compute({ e, τ }) {
    const { weights } = weightedContext(tf.div(e!, τ!), tf.zeros([e!.shape[1], 1]), { returnWeights: true });
    return { α: weights };
  },
};
