import { addColumnSums, BLOCK_ROWS } from './column-sums';
import { lanesAt, loadLanes, storeLanes } from './lanes';
import { one, tanh4 } from './vector';

/**
 * Layers with a bias and their gradients, as core's model-ops/tanh-layer, rectified-layer, maxout-layer and squared-relu have them. Terms
 * are `count` addresses at the address `terms`. Gradients that are summed over rows are summed while a block of rows is in the cache.
 */

/** tanh(Σ terms + bias) */
export function tanhLayer(terms: usize, count: u32, bias: usize, y: usize, rows: u32, width: u32): void {
  const end = <usize>width << 2;
  for (let row: usize = 0, at: usize = 0; row < rows; row++, at += end) {
    for (let n: usize = 0; n < end; n += 16) {
      const lanes = lanesAt(n, end);
      storeLanes(y + at + n, tanh4(sumAt(terms, count, bias, at, n, lanes)), lanes);
    }
  }
}

/** dTerms and dBias, of tanh's results y. */
export function tanhLayerGrad(y: usize, dY: usize, dTerms: usize, dBias: usize, rows: u32, width: u32): void {
  const end = <usize>width << 2;
  memory.fill(dBias, 0, end);
  for (let row: u32 = 0; row < rows; row += BLOCK_ROWS) {
    const block = min(BLOCK_ROWS, rows - row);
    const at = <usize>row * end;
    const last = at + <usize>block * end;
    for (let n = at; n < last; n += 16) {
      const lanes = lanesAt(n, last);
      const tanh = loadLanes(y + n, lanes);
      const slope = f32x4.sub(one, f32x4.mul(tanh, tanh));
      storeLanes(dTerms + n, f32x4.mul(slope, loadLanes(dY + n, lanes)), lanes);
    }
    addColumnSums(dTerms + at, dBias, block, end);
  }
}

/** max(0, x + bias) */
export function rectifiedLayer(x: usize, bias: usize, y: usize, rows: u32, width: u32): void {
  const end = <usize>width << 2;
  for (let row: usize = 0; row < rows; row++, x += end, y += end) {
    for (let n: usize = 0; n < end; n += 16) {
      const lanes = lanesAt(n, end);
      const sum = f32x4.add(loadLanes(x + n, lanes), loadLanes(bias + n, lanes));
      storeLanes(y + n, f32x4.max(sum, f32x4.splat(0)), lanes);
    }
  }
}

export function rectifiedLayerGrad(y: usize, dY: usize, dX: usize, dBias: usize, rows: u32, width: u32): void {
  const end = <usize>width << 2;
  memory.fill(dBias, 0, end);
  for (let row: u32 = 0; row < rows; row += BLOCK_ROWS) {
    const block = min(BLOCK_ROWS, rows - row);
    const at = <usize>row * end;
    const last = at + <usize>block * end;
    for (let n = at; n < last; n += 16) {
      const lanes = lanesAt(n, last);
      const isPositive = f32x4.gt(loadLanes(y + n, lanes), f32x4.splat(0));
      storeLanes(dX + n, v128.and(loadLanes(dY + n, lanes), isPositive), lanes);
    }
    addColumnSums(dX + at, dBias, block, end);
  }
}

/** Σ terms + bias as `pieces` [rows, 2·width], and the greater of columns w and width + w as y [rows, width]. */
export function maxoutLayer(
  terms: usize,
  count: u32,
  bias: usize,
  y: usize,
  pieces: usize,
  rows: u32,
  width: u32,
): void {
  const end = <usize>width << 2;
  for (let row: usize = 0, at: usize = 0; row < rows; row++, at += 2 * end, y += end) {
    for (let n: usize = 0; n < end; n += 16) {
      const lanes = lanesAt(n, end);
      const first = sumAt(terms, count, bias, at, n, lanes);
      const second = sumAt(terms, count, bias, at, end + n, lanes);
      storeLanes(pieces + at + n, first, lanes);
      storeLanes(pieces + at + end + n, second, lanes);
      storeLanes(y + n, f32x4.max(first, second), lanes);
    }
  }
}

/** dTerms [rows, 2·width] and dBias; a tie goes to the first. */
export function maxoutLayerGrad(
  pieces: usize,
  dY: usize,
  dTerms: usize,
  dBias: usize,
  rows: u32,
  width: u32,
): void {
  const end = <usize>width << 2;
  memory.fill(dBias, 0, 2 * end);
  for (let row: u32 = 0; row < rows; row += BLOCK_ROWS) {
    const block = min(BLOCK_ROWS, rows - row);
    const start = <usize>row * 2 * end;
    for (let r: u32 = 0, at = start; r < block; r++, at += 2 * end, dY += end) {
      for (let n: usize = 0; n < end; n += 16) {
        const lanes = lanesAt(n, end);
        const d = loadLanes(dY + n, lanes);
        const isFirst = f32x4.ge(loadLanes(pieces + at + n, lanes), loadLanes(pieces + at + end + n, lanes));
        storeLanes(dTerms + at + n, v128.and(d, isFirst), lanes);
        storeLanes(dTerms + at + end + n, v128.andnot(d, isFirst), lanes);
      }
    }
    addColumnSums(dTerms + start, dBias, block, 2 * end);
  }
}

/** max(0, x)² */
export function squaredRelu(x: usize, y: usize, count: u32): void {
  const end = <usize>count << 2;
  for (let n: usize = 0; n < end; n += 16) {
    const lanes = lanesAt(n, end);
    const positive = f32x4.max(loadLanes(x + n, lanes), f32x4.splat(0));
    storeLanes(y + n, f32x4.mul(positive, positive), lanes);
  }
}

/** 2·max(0, x)·dY */
export function squaredReluGrad(x: usize, dY: usize, dX: usize, count: u32): void {
  const end = <usize>count << 2;
  for (let n: usize = 0; n < end; n += 16) {
    const lanes = lanesAt(n, end);
    const positive = f32x4.max(loadLanes(x + n, lanes), f32x4.splat(0));
    storeLanes(dX + n, f32x4.mul(f32x4.add(positive, positive), loadLanes(dY + n, lanes)), lanes);
  }
}

/** x + bias */
export function addBias(x: usize, bias: usize, y: usize, rows: u32, width: u32): void {
  const end = <usize>width << 2;
  for (let row: usize = 0; row < rows; row++, x += end, y += end) {
    for (let n: usize = 0; n < end; n += 16) {
      const lanes = lanesAt(n, end);
      storeLanes(y + n, f32x4.add(loadLanes(x + n, lanes), loadLanes(bias + n, lanes)), lanes);
    }
  }
}

/** x + y + bias */
export function addResidual(x: usize, y: usize, bias: usize, sum: usize, rows: u32, width: u32): void {
  const end = <usize>width << 2;
  for (let row: usize = 0; row < rows; row++, x += end, y += end, sum += end) {
    for (let n: usize = 0; n < end; n += 16) {
      const lanes = lanesAt(n, end);
      const biased = f32x4.add(loadLanes(x + n, lanes), loadLanes(bias + n, lanes));
      storeLanes(sum + n, f32x4.add(biased, loadLanes(y + n, lanes)), lanes);
    }
  }
}

/** The sum of all terms, at byte `at` + n, and of the bias at byte n. */
// @ts-ignore: decorator
@inline
function sumAt(terms: usize, count: u32, bias: usize, at: usize, n: usize, lanes: i32): v128 {
  let sum = loadLanes(load<u32>(terms) + at + n, lanes);
  for (let term: u32 = 1; term < count; term++) {
    sum = f32x4.add(sum, loadLanes(<usize>load<u32>(terms + (<usize>term << 2)) + at + n, lanes));
  }
  return f32x4.add(sum, loadLanes(bias + n, lanes));
}

/** The first columns of rows, where `to` has fewer than `from`; and zeros after all of them, where it has more. */
export function copyColumns(from: usize, to: usize, rows: u32, fromWidth: u32, toWidth: u32): void {
  const copied = <usize>min(fromWidth, toWidth) << 2;
  const added = (<usize>toWidth << 2) - copied;
  for (let row: u32 = 0; row < rows; row++) {
    memory.copy(to, from, copied);
    if (added != 0) memory.fill(to + copied, 0, added);
    from += <usize>fromWidth << 2;
    to += <usize>toWidth << 2;
  }
}
