import type { LinearAttentionRequest } from '@heed/core';

/** Steps between states that are held. An invocation has as many vectors of a state that it goes back through. */
export const CHUNK = 16;

/** Sizes of sequences [M, T, …] of key heads, of which M = B·Hk, and of their states [D, C]. */
export interface Sizes {
  readonly rows: number;
  /** Query heads of a key head. */
  readonly group: number;
  readonly steps: number;
  readonly width: number;
  /** Dv, and one more where contexts are normalised: the normaliser is a column of the state. */
  readonly columns: number;
  readonly valueWidth: number;
  readonly chunks: number;
}

/** @param steps of keys, or of queries that read one state */
export function sizesOf(request: LinearAttentionRequest, steps = request.keys): Sizes {
  const { batch, heads, keyHeads, width, valueWidth, normalize } = request;
  return {
    rows: batch * keyHeads,
    group: heads / keyHeads,
    steps,
    width,
    columns: valueWidth + Number(normalize),
    valueWidth,
    chunks: Math.ceil(steps / CHUNK),
  };
}

/** Numbers of the states at all bounds of chunks, before the first and after the last: [chunks + 1, M, D, C]. */
export const boundaryNumbers = ({ rows, width, columns, chunks }: Sizes): number =>
  (chunks + 1) * rows * width * columns;

/** Numbers that a backward pass holds of states, and of gradients in them. */
export const stateNumbers = (request: LinearAttentionRequest): number =>
  2 * boundaryNumbers(sizesOf(request, Math.max(request.keys, request.queries)));
