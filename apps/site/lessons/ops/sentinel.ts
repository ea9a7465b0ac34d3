import { weightedContext } from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';
import type { Computation } from './computation.js';

/**
 * Adaptive attention with a sentinel as one more place: [α̂; β] = softmax([z; r]) of the places' scores z [1, T] and the sentinel's r [1, 1], and
 * c = Σ α̂_j v_j + β s of places v [T, M] and the sentinel s [1, M]. Lu et al. 2017, eq. 12 and 13.
 */
export const sentinel: Computation = {
  needs: ['z', 'r', 'v', 's'],
  compute({ z, r, v, s }) {
    const places = z!.shape[1];
    const { weights, context } = weightedContext(tf.concat([z!, r!], 1), tf.concat([v!, s!], 0), {
      returnWeights: true,
    });
    const [α, β] = tf.split(weights, [places, 1], 1);
    return { α: α!, β: β!, c: context };
  },
};
