import { costOfAttention } from '@heed/attention';
import * as tf from '@tensorflow/tfjs-core';
import type { Computation } from './computation.js';

const MEGA = 1e6;
const MEBI = 2 ** 20;

/** What dot-product attention takes, for rows of sizes n [T, H, D]: MFLOP forward, and MiB of scores and weights, as `heed cost` counts them. */
export const cost: Computation = {
  needs: ['n'],
  compute({ n }) {
    const costs = n!.arraySync().map(([length, heads, width]) => {
      const sizes = { batch: 1, heads: heads!, queries: length!, keys: length!, width: width! };
      const { forward, composedBytes } = costOfAttention({ op: 'dotProductAttention', ...sizes });
      return [forward.flops / MEGA, composedBytes / MEBI];
    });
    return { k: tf.tensor2d(costs) };
  },
};
