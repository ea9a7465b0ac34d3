import type { DotProductAttentionRequest } from '@heed/core';
import type { MatrixView } from './panels.js';
import { addLane } from './thin-product.js';
import { isBounded } from './tile-loops.js';
import { COLS, LEFT, laneStart, rowStart } from './tile.js';

/** Attention in which a key is met by few queries, such as a step of a decoder: bringing keys and values into panels costs more than it saves. */

/** Queries for each key up to which that is so, as of rows of a product. */
const FEW = 4;

export function areFew({ heads, keyHeads, queries }: DotProductAttentionRequest): boolean {
  return (heads / keyHeads) * queries <= FEW;
}

/** The values of a key head where they are: those of its first key begin at `start`. */
export interface ValuesInPlace {
  readonly data: Float32Array;
  readonly start: number;
  readonly width: number;
  /** Room for the sums of a row. */
  readonly sums: Float64Array;
}

/** Sums over the width of a tile's scores. */
const scoreSums = /* @__PURE__ */ new Float64Array(COLS);

/**
 * A tile's scores of the first `rows` rows in `queryRows`, which are panels, with keys in place: the numbers that `multiplyAdd` has.
 *
 * @param keys whose lanes are the tile's keys
 * @returns whether all of them are finite, and in the range of float32
 */
export function scoresInPlace(
  queryRows: Float64Array,
  rows: number,
  keys: MatrixView,
  cols: number,
  width: number,
  tile: Float64Array,
): boolean {
  let bounded = true;
  for (let r = 0; r < rows; r++) {
    scoreSums.fill(0, 0, cols);
    addLane(queryRows, laneStart(r, width * LEFT), LEFT, keys, cols, width, scoreSums);
    bounded = isBounded(scoreSums, cols) && bounded;
    const to = rowStart(r);
    for (let c = 0; c < cols; c++) tile[to + c * LEFT] = scoreSums[c];
  }
  return bounded;
}

/**
 * context += weights·values for a tile of weights of keys from j0 on, again as `multiplyAdd` sums them.
 *
 * @param allow which keys take part, where not all do: the weights of the others are 0, and their values may be anything
 */
export function addValuesInPlace(
  tile: Float64Array,
  allow: Uint8Array | undefined,
  rows: number,
  j0: number,
  cols: number,
  { data, start, width, sums }: ValuesInPlace,
  context: Float64Array,
  contextStride: number,
): void {
  const columns: MatrixView = { data, start: start + j0 * width, laneStride: 1, depthStride: width };
  for (let r = 0; r < rows; r++) {
    const at = rowStart(r);
    const to = laneStart(r, contextStride);
    sums.fill(0, 0, width);
    addLane(tile, at, LEFT, columns, width, cols, sums);
    // 0·NaN is NaN: what is hidden and not finite shows, and then those that take part are added one by one.
    if (allow !== undefined && !isBounded(sums, width)) addAllowed(tile, allow, at, cols, columns, width, sums);
    for (let d = 0; d < width; d++) context[to + d * LEFT] += sums[d];
  }
}

/** The sums of one row, anew, without what `allow` takes out. */
function addAllowed(
  tile: Float64Array,
  allow: Uint8Array,
  at: number,
  cols: number,
  { data, start }: MatrixView,
  width: number,
  sums: Float64Array,
): void {
  sums.fill(0, 0, width);
  for (let c = 0; c < cols; c++) {
    const position = at + c * LEFT;
    if (allow[position] === 0) continue;
    for (let d = 0; d < width; d++) sums[d] += tile[position] * data[start + c * width + d];
  }
}
