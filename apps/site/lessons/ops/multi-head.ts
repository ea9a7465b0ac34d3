import { createMechanism } from '@heed/attention';
import * as tf from '@tensorflow/tfjs-core';
import type { Computation } from './computation.js';

/** Symbols of the two heads' weights. */
const MAPS = ['α₁', 'α₂'] as const;

/** Two heads of self-attention over x [T, E]: of each projection, the first half of the columns is the first head's. */
export const multiHead: Computation = {
  needs: ['x', 'Wq', 'Wk', 'Wv', 'Wo'],
  compute({ x, Wq, Wk, Wv, Wo }) {
    const width = x!.shape[1];
    const mechanism = createMechanism(
      { kind: 'multiHead', queryWidth: width, memoryWidth: width, heads: MAPS.length, bias: false, seed: 0 },
      { query_kernel: Wq!, key_kernel: Wk!, value_kernel: Wv!, output_kernel: Wo! },
    );
    try {
      const one = tf.expandDims<tf.Tensor3D>(x!, 0);
      const { weights, context } = mechanism.attend(one, mechanism.prepare(one), { returnWeights: true });
      const maps = tf.unstack(weights, 1); // [1, T, T] each
      return { ...Object.fromEntries(MAPS.map((symbol, head) => [symbol, maps[head]!])), c: context };
    } finally {
      mechanism.dispose();
    }
  },
};
