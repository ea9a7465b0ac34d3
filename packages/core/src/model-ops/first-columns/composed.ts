import * as tf from '@tensorflow/tfjs-core';
import type { ComposedModelOp } from '../define.js';
import type { firstColumnsSpec } from './spec.js';

export const composedFirstColumns: ComposedModelOp<typeof firstColumnsSpec> = {
  forward: ({ x }, { count }) => ({ y: tf.slice(x, [0, 0], [x.shape[0]!, count]) }),

  backward: ({ dY }, { count, width }) => ({
    dX: tf.pad(dY, [
      [0, 0],
      [0, width - count],
    ]),
  }),
};
