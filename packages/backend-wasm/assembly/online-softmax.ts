import { cols, reach, scores } from './blocks';
import { scaleRow } from './pack';
import { reached } from './reach';
import { Request } from './request';
import { ROWS, TILE_ROW, clear, take, up8 } from './tile';
import { madd, maxOfEach, sum4, sumOfEach, weightExp4 } from './vector';

/** Softmax of rows whose scores come tile by tile, and what it keeps of a row until then. */

/** Highest score of each row so far, and below it Σ exp(score − highest). */
export let highest: usize = 0;
export let sums: usize = 0;
/** Σ exp(score − highest)·value so far, in rows of the padded value width. */
export let context: usize = 0;
/** Four rows' exp(previous highest − highest). */
let scales: usize = 0;

export function layoutSums(p: Request): void {
  highest = take(ROWS * 4);
  sums = take(ROWS * 4);
  context = take(<u64>ROWS * up8(p.valueWidth) * 4);
  scales = take(16);
}

/** Starts on the first `rows` rows, of `stride` bytes. */
export function openSums(rows: i32, stride: usize): void {
  for (let r = 0; r < rows; r++) store<f32>(highest + (<usize>r << 2), -Infinity);
  memory.fill(sums, 0, <usize>rows << 2);
  memory.fill(context, 0, <usize>rows * stride);
}

/** Scores to exp(score − highest), after what came before was brought to the new highest score; rows are padded to 4. */
export function softmaxTile(rows: i32, stride: usize): void {
  const lowest = f32x4.splat(-Infinity);
  const one = f32x4.splat(1);
  for (let r = 0; r < rows; r += 4) {
    const end = <usize>up8(reached(r, reach, cols)) << 2;
    const r0 = scores + <usize>r * TILE_ROW;
    const r1 = r0 + TILE_ROW;
    const r2 = r1 + TILE_ROW;
    const r3 = r2 + TILE_ROW;
    // A NaN that `pmax` passes over comes back with the exponentials.
    let m0 = lowest, m1 = lowest, m2 = lowest, m3 = lowest;
    for (let c: usize = 0; c < end; c += 16) {
      m0 = f32x4.pmax(m0, v128.load(r0 + c));
      m1 = f32x4.pmax(m1, v128.load(r1 + c));
      m2 = f32x4.pmax(m2, v128.load(r2 + c));
      m3 = f32x4.pmax(m3, v128.load(r3 + c));
    }
    const at = <usize>r << 2;
    const before = v128.load(highest + at);
    const top = f32x4.pmax(before, maxOfEach(m0, m1, m2, m3));
    v128.store(highest + at, top);
    // A row without any key yet: −∞ − 0 is −∞, where −∞ − −∞ would be NaN.
    const base = v128.andnot(top, f32x4.eq(top, lowest));
    const scale = weightExp4(f32x4.sub(before, base));
    const t0 = exponentials(r0, end, v128.shuffle<f32>(base, base, 0, 0, 0, 0));
    const t1 = exponentials(r1, end, v128.shuffle<f32>(base, base, 1, 1, 1, 1));
    const t2 = exponentials(r2, end, v128.shuffle<f32>(base, base, 2, 2, 2, 2));
    const t3 = exponentials(r3, end, v128.shuffle<f32>(base, base, 3, 3, 3, 3));
    v128.store(sums + at, madd(sumOfEach(t0, t1, t2, t3), v128.load(sums + at), scale));
    for (let row = r0; row <= r3; row += TILE_ROW) clear(row + end, row + (<usize>up8(cols) << 2));
    if (v128.all_true<i32>(f32x4.eq(scale, one))) continue;
    v128.store(scales, scale);
    for (let n: usize = 0; n < 4; n++) {
      const factor = v128.load_splat<f32>(scales + (n << 2));
      const out = context + (<usize>r + n) * stride;
      for (let c: usize = 0; c < stride; c += 16) v128.store(out + c, f32x4.mul(v128.load(out + c), factor));
    }
  }
}

/** `softmaxTile` row by row, to the same bits: of a single query, three of four rows would be padding. Sums and contexts are kept from row `first` on. */
export function softmaxRows(p: Request, rows: i32, first: i32, stride: usize): void {
  const end = <usize>up8(cols) << 2;
  const lowest = f32x4.splat(-Infinity);
  for (let r: usize = 0; r < <usize>rows; r++) {
    const row = scores + r * TILE_ROW;
    let m = lowest, n = lowest;
    for (let c: usize = 0; c < end; c += 32) {
      m = f32x4.pmax(m, v128.load(row + c));
      n = f32x4.pmax(n, v128.load(row + c, 16));
    }
    m = f32x4.pmax(m, n);
    m = f32x4.pmax(m, v128.shuffle<f32>(m, m, 2, 3, 0, 1));
    m = f32x4.pmax(m, v128.shuffle<f32>(m, m, 1, 0, 3, 2));
    const kept = <usize>first + r;
    const at = kept << 2;
    const before = v128.load_splat<f32>(highest + at);
    const top = f32x4.pmax(before, m);
    v128.store32_lane(highest + at, top, 0);
    const base = v128.andnot(top, f32x4.eq(top, lowest));
    const scale = weightExp4(f32x4.sub(before, base));
    const total = f32x4.splat(sum4(exponentials(row, end, base)));
    v128.store32_lane(sums + at, madd(total, v128.load_splat<f32>(sums + at), scale), 0);
    const factor = f32x4.extract_lane(scale, 0);
    if (factor != 1) scaleRow(context + kept * stride, context + kept * stride, p.valueWidth, factor);
  }
}

/** A row of scores to exp(score − base); returns sums of every fourth. */
// @ts-ignore: decorator
@inline
function exponentials(row: usize, end: usize, base: v128): v128 {
  let total = f32x4.splat(0);
  for (let c: usize = 0; c < end; c += 32) {
    const e = weightExp4(f32x4.sub(v128.load(row + c), base));
    const f = weightExp4(f32x4.sub(v128.load(row + c, 16), base));
    v128.store(row + c, e);
    v128.store(row + c, f, 16);
    total = f32x4.add(total, f32x4.add(e, f));
  }
  return total;
}
