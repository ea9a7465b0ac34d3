import type * as tf from '@tensorflow/tfjs-core';
import type { Walk } from '../decoding/walk.js';
import { tidy } from '@heed/nn';
import type { Decoder } from './decoder.js';

/** Steps of a transformer's decoder, holding the keys and values of what was written. */
export function transformerWalk(decoder: Decoder, memory: tf.Tensor3D, lengths: Int32Array, beams: number): Walk {
  const sources = decoder.prepare(memory, lengths);
  const caches = decoder.emptyCaches(lengths.length * beams);
  let place = 0;
  return {
    step(ids, rows) {
      if (rows !== undefined) for (const cache of caches) cache.reorder(rows);
      return tidy(() => decoder.step(sources, caches, ids, place++));
    },
    dispose() {
      for (const prepared of [...sources, ...caches]) prepared.dispose();
    },
  };
}
