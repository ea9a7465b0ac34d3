import { weightedContext } from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';
import type { Computation } from './computation.js';

/**
 * Mean of values v [T, D] under trust w [1, T], which becomes shares by division: w/Σw is the softmax of log w. Without any trust shares are 0,
 * as in all of Heed where there is nothing to look at.
 */
export const mean: Computation = {
  needs: ['w', 'v'],
  compute({ w, v }) {
    const { weights, context } = weightedContext(tf.log(w!), v!, { returnWeights: true });
    return { α: weights, c: context };
  },
};
