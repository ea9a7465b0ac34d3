import {
  cols,
  firstBlock,
  inPlace,
  j0,
  kind,
  layoutBlocks,
  marks,
  openKeys,
  openQueries,
  openTile,
  scores,
  valuePanels,
  valueRows,
} from './blocks';
import { directContext } from './direct';
import { dropoutFactors } from './dropout';
import { endKey } from './mask';
import { packTile, scaleRow } from './pack';
import { Request } from './request';
import { A_STEP, leftPanel, product, productOfAllowed } from './product';
import { COLS, PARTIAL, ROWS, TILE, TILE_ROW, VALUE_NOT_FINITE, openScratch, scratchEnd, take, up4, up8 } from './tile';
import { exp1, exp4, log1, madd, maxOfEach, sumOfEach, weightExp4 } from './vector';

/** Attention by blocks with an online softmax. @see Dao et al. 2022, arXiv:2205.14135, algorithm 1 */

/** Highest score of each row so far, and below it Σ exp(score − highest). */
let highest: usize = 0;
let sums: usize = 0;
/** Σ exp(score − highest)·value so far. */
let context: usize = 0;
let factors: usize = 0;
/** The tile in panels of 12 rows. */
let panels: usize = 0;
/** Four rows' exp(previous highest − highest). */
let scales: usize = 0;

/** @returns one past the last byte of scratch, when it starts at `base` */
export function forwardScratch(p: Request, base: usize): f64 {
  openScratch(base);
  highest = take(ROWS * 4);
  sums = take(ROWS * 4);
  context = take(<u64>ROWS * up8(p.valueWidth) * 4);
  factors = p.dropout ? take(TILE) : 0;
  panels = take(TILE);
  scales = take(16);
  layoutBlocks(p, (p.heads / p.keyHeads) * ((p.queries + ROWS - 1) / ROWS) > 1, false);
  return scratchEnd();
}

/**
 * Units [from, to) of a request, which don't depend on each other: unit n is part n mod `parts` of the queries of batch row
 * and key head ⌊n/parts⌋.
 */
export function forward(p: Request, scratch: usize, parts: i32, from: i32, to: i32): void {
  forwardScratch(p, scratch);
  const group = p.heads / p.keyHeads;
  const blocks = (p.queries + ROWS - 1) / ROWS;
  const share = (group * blocks + parts - 1) / parts;
  let open = -1;
  for (let unit = from; unit < to; unit++) {
    const keyHead = unit / parts;
    const b = keyHead / p.keyHeads;
    if (keyHead != open) openKeys(p, b);
    open = keyHead;
    const first = (unit % parts) * share;
    const end = min(first + share, group * blocks);
    for (let block = first; block < end; block++) {
      const h = (keyHead % p.keyHeads) * group + block / blocks;
      const i0 = (block % blocks) * ROWS;
      forwardBlock(p, b, h, <usize>keyHead, i0, min(ROWS, p.queries - i0));
    }
  }
}

function forwardBlock(p: Request, b: i32, h: i32, keyHead: usize, i0: i32, rows: i32): void {
  const row0 = <usize>(b * p.heads + h) * <usize>p.queries + <usize>i0;
  const width = up8(p.valueWidth);
  const stride = <usize>width << 2;
  for (let r = 0; r < ROWS; r++) store<f32>(highest + (<usize>r << 2), -Infinity);
  memory.fill(sums, 0, ROWS * 4);
  memory.fill(context, 0, <usize>up4(rows) * stride);
  if (p.weights) fillRows(p, row0, rows);
  openQueries(p, row0, rows, 0);

  const end = endKey(p, b, i0, rows);
  for (let start = firstBlock(p, b, i0); start < end; start += COLS) {
    if (!openTile(p, b, h, keyHead, i0, rows, start)) continue;
    if (p.weights) keepScores(p, row0, rows);
    softmaxTile(up4(rows), up8(cols), stride);
    if (p.dropout) dropTile(p, <u64>row0 * <u64>p.keys + <u64>j0, rows);
    if (inPlace) {
      directContext(scores, TILE_ROW, valueRows, p.valueWidth, context, stride, rows, cols, kind == PARTIAL);
    } else if (kind == PARTIAL && marks & VALUE_NOT_FINITE) {
      productOfAllowed(scores, TILE_ROW, 4, valuePanels, <usize>COLS << 5, context, stride, rows, p.valueWidth, cols);
    } else {
      const depth = up4(cols);
      packTile(scores, TILE_ROW, up4(rows), depth, panels);
      product(
        panels,
        leftPanel(depth),
        A_STEP,
        valuePanels,
        <usize>COLS << 5,
        context,
        stride,
        up4(rows),
        width >> 3,
        cols,
        true,
      );
    }
  }
  for (let r = 0; r < rows; r++) finishRow(p, row0 + <usize>r, r, stride);
}

/** Scores to exp(score − highest), after what came before was brought to the new highest score; rows are padded to 4. */
function softmaxTile(rows: i32, padded: i32, stride: usize): void {
  const end = <usize>padded << 2;
  const lowest = f32x4.splat(-Infinity);
  const one = f32x4.splat(1);
  for (let r = 0; r < rows; r += 4) {
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
    if (v128.all_true<i32>(f32x4.eq(scale, one))) continue;
    v128.store(scales, scale);
    for (let n: usize = 0; n < 4; n++) {
      const factor = v128.load_splat<f32>(scales + (n << 2));
      const out = context + (<usize>r + n) * stride;
      for (let c: usize = 0; c < stride; c += 16) v128.store(out + c, f32x4.mul(v128.load(out + c), factor));
    }
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

function dropTile(p: Request, n: u64, rows: i32): void {
  dropoutFactors(p, factors, n, rows, cols);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < cols; c += 4) {
      const at = <usize>r * TILE_ROW + (<usize>c << 2);
      v128.store(scores + at, f32x4.mul(v128.load(scores + at), v128.load(factors + at)));
    }
  }
}

function finishRow(p: Request, row: usize, r: i32, stride: usize): void {
  const top = load<f32>(highest + (<usize>r << 2));
  const sum = load<f32>(sums + (<usize>r << 2));
  const to = p.context + ((row * <usize>p.valueWidth) << 2);
  const from = context + <usize>r * stride;
  const dead = top == -Infinity && sum == sum; // a row of nothing but NaN has no highest score either
  const scale: f32 = 1 / sum;
  if (dead) memory.fill(to, 0, <usize>p.valueWidth << 2);
  else scaleRow(from, to, p.valueWidth, scale);
  const log = log1(sum);
  const logSumExp: f32 = dead ? -Infinity : top + log;
  store<f32>(p.logSumExp + (row << 2), logSumExp);
  store<f32>(p.remainder + (row << 2), dead ? 0 : log - (logSumExp - top));
  if (p.weights) finishWeights(p, p.weights + ((row * <usize>p.keys) << 2), top, scale);
}

/** Weights hold scores until the row's highest and sum are known; −∞ where no tile came past. */
function fillRows(p: Request, row0: usize, rows: i32): void {
  const from = p.weights + ((row0 * <usize>p.keys) << 2);
  const end = from + ((<usize>rows * <usize>p.keys) << 2);
  for (let at = from; at < end; at += 4) store<f32>(at, -Infinity);
}

function keepScores(p: Request, row0: usize, rows: i32): void {
  for (let r = 0; r < rows; r++) {
    const to = p.weights + (((row0 + <usize>r) * <usize>p.keys + <usize>j0) << 2);
    memory.copy(to, scores + <usize>r * TILE_ROW, <usize>cols << 2);
  }
}

function finishWeights(p: Request, row: usize, top: f32, scale: f32): void {
  let c = 0;
  for (; c + 4 <= p.keys; c += 4) {
    const at = row + (<usize>c << 2);
    const s = v128.load(at);
    const masked = f32x4.eq(s, f32x4.splat(-Infinity));
    const e = f32x4.mul(exp4(f32x4.sub(s, f32x4.splat(top))), f32x4.splat(scale));
    v128.store(at, v128.andnot(e, masked));
  }
  for (; c < p.keys; c++) {
    const at = row + (<usize>c << 2);
    const s = load<f32>(at);
    store<f32>(at, s == -Infinity ? 0 : exp1(s - top) * scale);
  }
}
