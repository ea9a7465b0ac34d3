import * as tf from '@tensorflow/tfjs-core';
import type { Layer, Rows } from './layer.js';

/** Queries of rows; and, when they are wanted, the keys and values of what is attended to. */
export type Project = (
  rows: Rows,
  source: Rows,
) => { readonly query: Rows; readonly memory: () => readonly [key: Rows, value: Rows] };

/** Queries, keys and values, each by a layer of its own. */
export const separate =
  (query: Layer, key: Layer, value: Layer): Project =>
  (rows, source) => ({ query: query(rows), memory: () => [key(source), value(source)] });

/** Queries, keys and values of the rows themselves, of equal widths, side by side from one layer. */
export const packed =
  (layer: Layer): Project =>
  (rows) => {
    const [query, key, value] = tf.split(layer(rows), 3, 1) as [Rows, Rows, Rows];
    return { query, memory: () => [key, value] };
  };

/** Queries by a layer of their own; keys and values of a source, of equal widths, side by side from another. */
export const packedMemory =
  (query: Layer, memory: Layer): Project =>
  (rows, source) => ({ query: query(rows), memory: () => tf.split(memory(source), 2, 1) as [Rows, Rows] });
