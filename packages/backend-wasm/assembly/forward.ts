import {
  SLOT,
  cols,
  firstBlock,
  headsTogether,
  inPlace,
  j0,
  keyDepth,
  kind,
  layoutBlocks,
  marks,
  openKeys,
  openQueries,
  openTile,
  reach,
  scores,
  tileKeys,
  valuePanels,
  valueRows,
} from './blocks';
import { directContext } from './direct';
import { dropoutFactors } from './dropout';
import { endKey } from './mask';
import { context, highest, layoutSums, openSums, softmaxRows, softmaxTile, sums } from './online-softmax';
import { packUnchecked, scaleRow } from './pack';
import { Request } from './request';
import { productOfAllowed } from './product';
import { addRows } from './reach';
import { PARTIAL, ROWS, TILE, TILE_ROW, VALUE_NOT_FINITE, hide, openScratch, scratchEnd, take, up4, up8 } from './tile';
import { exp1, exp4, log1 } from './vector';

/** Attention by blocks with an online softmax. @see Dao et al. 2022, arXiv:2205.14135, algorithm 1 */

let factors: usize = 0;
/** The tile in panels of 12 rows. */
let panels: usize = 0;

/** @returns one past the last byte of scratch, when it starts at `base` */
export function forwardScratch(p: Request, base: usize): f64 {
  openScratch(base);
  layoutSums(p);
  factors = p.dropout ? take(TILE) : 0;
  panels = take(TILE);
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
  const together = headsTogether(p);
  const blocks = (p.queries + ROWS - 1) / ROWS;
  const all = ((group + together - 1) / together) * blocks;
  const share = (all + parts - 1) / parts;
  let open = -1;
  for (let unit = from; unit < to; unit++) {
    const keyHead = unit / parts;
    const b = keyHead / p.keyHeads;
    if (keyHead != open) openKeys(p, b);
    open = keyHead;
    const first = (unit % parts) * share;
    const end = min(first + share, all);
    for (let block = first; block < end; block++) {
      const inGroup = (block / blocks) * together;
      const h = (keyHead % p.keyHeads) * group + inGroup;
      const i0 = (block % blocks) * ROWS;
      forwardBlock(p, b, h, min(together, group - inGroup), <usize>keyHead, i0, min(ROWS, p.queries - i0));
    }
  }
}

/** Queries [i0, i0 + rows) of heads [h, h + heads), which have the same keys. */
function forwardBlock(p: Request, b: i32, h: i32, heads: i32, keyHead: usize, i0: i32, rows: i32): void {
  const width = up8(p.valueWidth);
  const stride = <usize>width << 2;
  openSums((heads - 1) * SLOT + up4(rows), stride);
  for (let slot = 0; slot < heads; slot++) {
    const row0 = rowOf(p, b, h + slot, i0);
    if (p.weights) {
      // They hold scores until the row's highest and sum are known; −∞ where no tile came past.
      const weights = p.weights + ((row0 * <usize>p.keys) << 2);
      hide(weights, weights + ((<usize>rows * <usize>p.keys) << 2));
    }
    openQueries(p, row0, rows, 0, slot);
  }

  const end = endKey(p, b, i0, rows);
  for (let start = firstBlock(p, b, i0); start < end; start += tileKeys) {
    for (let slot = 0; slot < heads; slot++) {
      if (openTile(p, b, h + slot, keyHead, i0, rows, start, slot)) addTile(p, rowOf(p, b, h + slot, i0), rows, slot * SLOT, stride);
    }
  }
  for (let slot = 0; slot < heads; slot++) {
    const row0 = rowOf(p, b, h + slot, i0);
    for (let r = 0; r < rows; r++) finishRow(p, row0 + <usize>r, slot * SLOT + r, stride);
  }
}

/** Number of the row of query i of head h. */
// @ts-ignore: decorator
@inline
function rowOf(p: Request, b: i32, h: i32, i: i32): usize {
  return <usize>(b * p.heads + h) * <usize>p.queries + <usize>i;
}

/** Adds what the tile's keys bring to the sums and contexts of its rows, which are kept from row `first` on. */
function addTile(p: Request, row0: usize, rows: i32, first: i32, stride: usize): void {
  const to = context + <usize>first * stride;
  if (p.weights) keepScores(p, row0, rows);
  if (inPlace) softmaxRows(p, rows, first, stride);
  else softmaxTile(up4(rows), stride);
  if (p.dropout) dropTile(p, <u64>row0 * <u64>p.keys + <u64>j0, rows);
  if (inPlace) {
    directContext(scores, TILE_ROW, valueRows, p.valueWidth, to, stride, rows, cols, kind == PARTIAL);
  } else if (kind == PARTIAL && marks & VALUE_NOT_FINITE) {
    productOfAllowed(scores, TILE_ROW, 4, valuePanels, keyDepth, to, stride, rows, p.valueWidth, cols);
  } else {
    const depth = up4(cols);
    packUnchecked(scores, TILE_ROW, up4(rows), depth, panels);
    addRows(panels, depth, valuePanels, keyDepth, to, stride, up4(rows), <i32>(stride >> 5), cols, reach);
  }
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
