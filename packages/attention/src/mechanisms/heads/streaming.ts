import * as tf from '@tensorflow/tfjs-core';
import { causal, dense, maskHook, slidingWindow, type Mask } from '@heed/core';
import type { MaskFormula } from '../../comparison.js';
import type { Turning } from '../../positions/turning.js';

/** Settings of attention with sink tokens and a window, for texts without end. */
export interface Streaming {
  /** How many of the first positions are always attended to. */
  readonly sinks: number;
  /** How many of the last positions are, the query's own among them. */
  readonly window: number;
  /** Whether rotary positions count in the cache, as in the paper and by default, or in the text. */
  readonly positions?: 'cache' | 'text' | undefined;
}

/** Where queries and the keys that are left sit in the text. */
export interface Places {
  /** Position of query 0 of each row among the keys that are held. */
  readonly offsets: Int32Array;
  readonly queries: number;
  readonly keys: number;
  /** How many positions after the sinks were evicted. */
  readonly evicted: number;
}

/** A mask of streaming: parts of core's algebra, and where they can't say it a formula. */
export interface StreamingMask {
  readonly masks: readonly Mask[];
  readonly formula?: MaskFormula;
}

/** Query i attends to j ≤ i with j < sinks or i − j < window, of positions in the text. No table of T·Tk is made of it but on request. */
export function streamingMask(streaming: Streaming, places: Places): StreamingMask {
  const { sinks, window } = streaming;
  const { offsets, queries, keys, evicted } = places;
  const alignment = { offset: offsets };
  const [first, last] = [Math.min(...offsets), Math.max(...offsets) + queries - 1];
  // Distances to what isn't a sink are the same in the cache. Those to sinks only have to be no less than 0.
  if (evicted > 0 && first < sinks - 1) return { masks: [dense(asTable(streaming, places))] };
  if (last - sinks < window) return { masks: queries === 1 && first >= keys - 1 ? [] : [causal(alignment)] };
  if (sinks === 0) return { masks: [slidingWindow({ left: window - 1, right: 0, ...alignment })] };
  const hook = maskHook(
    ({ batch, query, key }, { offset }) => {
      const distance = query.add(offset.at(batch)).sub(key);
      return distance.ge(0).and(distance.lt(window).or(key.lt(sinks)));
    },
    { offset: tf.tensor1d(offsets, 'int32') },
  );
  return { masks: [], formula: { hook, dense: () => dense(asTable(streaming, places)) } };
}

/** bool [B, 1, T, Tk] */
function asTable({ sinks, window }: Streaming, { offsets, queries, keys, evicted }: Places): tf.Tensor4D {
  const allowed = new Uint8Array(offsets.length * queries * keys);
  offsets.forEach((offset, b) => {
    for (let i = 0; i < queries; i++) {
      const at = offset + evicted + i;
      for (let j = 0; j < keys; j++) {
        const key = j < sinks ? j : j + evicted;
        const isKept = key <= at && (key < sinks || at - key < window);
        allowed[(b * queries + i) * keys + j] = isKept ? 1 : 0;
      }
    }
  });
  return tf.tensor4d(allowed, [offsets.length, 1, queries, keys], 'bool');
}

/**
 * Queries and keys whose products are those of positions in the cache. Keys are turned by their positions in the text, once, which for
 * the window is as good: there only distances count, and those of the cache are the same. Sinks sit at the same positions in both, so a
 * query turned by its position in the cache meets them. Both of its forms stand end to end, and each key has zeros where the other form
 * stands, so that one product serves.
 *
 * @param query [N, Hq, T, D], not turned yet
 * @param key [N, Hk, Tk, D], turned
 */
export function turnedInCache(
  query: tf.Tensor4D,
  key: tf.Tensor4D,
  turning: Turning,
  { sinks, window }: Streaming,
  { offsets, queries, keys, evicted }: Places,
): { readonly query: tf.Tensor4D; readonly key: tf.Tensor4D } {
  const at = Array.from(offsets, (offset) => Array.from({ length: queries }, (_, i) => offset + evicted + i));
  const inCache = at.map((row) => row.map((position) => Math.min(position, sinks + window - 1)));
  const isSink = tf.tensor4d(
    Float32Array.from({ length: keys }, (_, j) => (j < sinks ? 1 : 0)),
    [1, 1, keys, 1],
  );
  return {
    query: tf.concat([turning.turn(query, { positions: at }), turning.turn(query, { positions: inCache })], 3),
    key: tf.concat([tf.mul(key, tf.sub(1, isSink)), tf.mul(key, isSink)], 3),
  };
}
