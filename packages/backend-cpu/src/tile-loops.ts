import { exp } from './exp.js';
import { LEFT, ROWS, laneStart, rowStart } from './tile.js';

/**
 * Loops over the positions of a tile (see tile.ts for where they sit), or of one row of it that begins at `at`.
 *
 * They have LEFT in a local `step`: V8 fetches an imported constant from its module in each round, but not a local one.
 */

/** tile ← tile in the range of float32: scores are float32 numbers, though sums are longer, and beyond it they are infinite. */
export function asFloats(tile: Float64Array, size: number): void {
  for (let at = 0; at < size; at++) if (Math.abs(tile[at]) > NEARLY_INFINITE) tile[at] = Math.fround(tile[at]);
}

/** Whether the first `size` numbers are finite, and in the range of float32. */
export function isBounded(numbers: Float64Array, size: number): boolean {
  for (let at = 0; at < size; at++) if (!(Math.abs(numbers[at]) <= NEARLY_INFINITE)) return false;
  return true;
}

const NEARLY_INFINITE = 3.4e38;

/** tile ← tile∘factors */
export function multiplyTile(tile: Float64Array, factors: Float64Array, rows: number, cols: number): void {
  const size = cols * LEFT;
  for (let r = 0; r < rows; r += LEFT) {
    const start = rowStart(r);
    for (let at = start; at < start + size; at++) tile[at] *= factors[at];
  }
}

export function highestOf(tile: Float64Array, at: number, cols: number, highest: number): number {
  const step = LEFT;
  for (let c = 0; c < cols; c++, at += step) {
    const score = tile[at];
    if (score > highest) highest = score;
  }
  return highest;
}

/** Also takes positions with a score of −∞ out of `allow`. */
export function highestAllowed(
  tile: Float64Array,
  allow: Uint8Array,
  at: number,
  cols: number,
  highest: number,
): number {
  const step = LEFT;
  for (let c = 0; c < cols; c++, at += step) {
    if (allow[at] === 0) continue;
    const score = tile[at];
    if (score === -Infinity) allow[at] = 0;
    else if (score > highest) highest = score;
  }
  return highest;
}

/** Replaces a row's scores by exp(score − origin) and returns their sum. */
export function exponentials(tile: Float64Array, at: number, cols: number, origin: number): number {
  const step = LEFT;
  let sum = 0;
  for (let c = 0; c < cols; c++, at += step) {
    const e = exp(tile[at] - origin);
    tile[at] = e;
    sum += e;
  }
  return sum;
}

/** The same, with 0 where masked. */
export function allowedExponentials(
  tile: Float64Array,
  allow: Uint8Array,
  at: number,
  cols: number,
  origin: number,
): number {
  const step = LEFT;
  let sum = 0;
  for (let c = 0; c < cols; c++, at += step) {
    const e = allow[at] === 0 ? 0 : exp(tile[at] - origin);
    tile[at] = e;
    sum += e;
  }
  return sum;
}

/** Visits the positions of a tile that take part. */
export function forEachAllowed(
  allow: Uint8Array,
  rows: number,
  cols: number,
  visit: (r: number, c: number, at: number) => void,
): void {
  for (let r = 0; r < rows; r++) {
    let at = rowStart(r);
    for (let c = 0; c < cols; c++, at += LEFT) if (allow[at] !== 0) visit(r, c, at);
  }
}

/** Panels of [ROWS, COLS] to panels of [COLS, ROWS]; a lane past `cols` becomes 0, since it may be a real key. */
export function transposeTile(tile: Float64Array, rows: number, cols: number, out: Float64Array): void {
  const step = LEFT;
  const toStride = ROWS * LEFT;
  for (let r = 0; r < rows; r++) {
    let from = rowStart(r);
    for (let c = 0; c < cols; c++, from += step) out[(c >> 1) * toStride + (c & 1) + r * step] = tile[from];
  }
  if (cols % LEFT !== 0) {
    const to = laneStart(cols, toStride);
    for (let r = 0; r < rows; r++) out[to + r * step] = 0;
  }
}

/** scores ← P = scale·exp(score − origin), gradients ← P·(gradient − offset), along one row. */
export function softmaxGradients(
  scores: Float64Array,
  gradients: Float64Array,
  at: number,
  cols: number,
  origin: number,
  scale: number,
  offset: number,
): void {
  const step = LEFT;
  for (let c = 0; c < cols; c++, at += step) {
    const p = exp(scores[at] - origin) * scale;
    scores[at] = p;
    gradients[at] = p * (gradients[at] - offset);
  }
}

/** The same, with exact zeros where masked. */
export function allowedSoftmaxGradients(
  scores: Float64Array,
  gradients: Float64Array,
  allow: Uint8Array,
  at: number,
  cols: number,
  origin: number,
  scale: number,
  offset: number,
): void {
  const step = LEFT;
  for (let c = 0; c < cols; c++, at += step) {
    if (scores[at] === -Infinity) allow[at] = 0;
    if (allow[at] === 0) {
      scores[at] = 0;
      gradients[at] = 0;
      continue;
    }
    const p = exp(scores[at] - origin) * scale;
    scores[at] = p;
    gradients[at] = p * (gradients[at] - offset);
  }
}
