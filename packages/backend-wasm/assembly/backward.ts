import { additiveGradients } from './additive';
import { reduceBias } from './bias';
import {
  cols,
  factored,
  firstBlock,
  inPlace,
  j0,
  keyDepth,
  keyPanels,
  keyRowPanels,
  keyRows,
  kind,
  layoutBlocks,
  marks,
  openKeys,
  openQueries,
  openTile,
  queryRows,
  rawScores,
  reach,
  scores,
  slopes,
  valuePanels,
  valueRows,
  vectorRow,
} from './blocks';
import { directContext, directOuter, directScores, hasFewQueries } from './direct';
import { dropoutFactors } from './dropout';
import { endKey } from './mask';
import { copyRows, dot, packColumns, packLeft, packUnchecked, scaleRow, scaleRowBy } from './pack';
import { GRADIENT, hook } from './hook';
import { Request } from './request';
import { productOfAllowed, rightPanel } from './product';
import { addColumns, addRows, productWithin, reached } from './reach';
import {
  COLS,
  KEY_NOT_FINITE,
  PARTIAL,
  ROWS,
  TILE,
  TILE_ROW,
  clear,
  openScratch,
  paddedWidth,
  scratchEnd,
  take,
  up4,
  up8,
} from './tile';
import { sum4, weightExp4 } from './vector';

/**
 * Gradients by blocks: the weights P are recomputed from logSumExp and its remainder, then dS = P∘(dP − D + dLSE) with
 * dP = F∘(dO·Vᵀ) + dW and D_i = dO_i·O_i + Σ_j P_ij·dW_ij, where F are the dropout factors and O the context;
 * dV = (P∘F)ᵀ·dO, dQ = dS·K, dK = dSᵀ·Q. @see Dao et al. 2022, arXiv:2205.14135, §B.4
 */

/** Bytes between panels of what has a block of queries as depth. */
const QUERY_DEPTH: usize = rightPanel(ROWS);

/** Each row's logSumExp (+∞ for rows without a key and for padding, whose weights are 0) and its remainder, and D − dLSE. */
let normalizers: usize = 0;
let remainders: usize = 0;
let offsets: usize = 0;
/** The block's dO, the same in panels of 12 rows, and with queries as depth; its queries with queries as depth. */
let outputRows: usize = 0;
let outputRowPanels: usize = 0;
let outputPanels: usize = 0;
let queryPanels: usize = 0;
/** Tiles: dP, then dS, and dS in panels of 12 rows; F; a row of dW. */
let dScores: usize = 0;
let dScorePanels: usize = 0;
let factors: usize = 0;
let weightRow: usize = 0;
/** Σ_j P_ij·dW_ij and Σ_j P_ij of each row. */
let givenSums: usize = 0;
let weightSums: usize = 0;
/** Sums of the gradients: of a block of queries; of all keys and values of a head. */
let dQuery: usize = 0;
let dKey: usize = 0;
let dValue: usize = 0;
/** The part of dVector of the batch row. */
let dVector: usize = 0;
let outputsFinite: bool = true;
let queriesFinite: bool = true;

/** @returns one past the last byte of scratch, when it starts at `base` */
export function backwardScratch(p: Request, base: usize): f64 {
  openScratch(base);
  const width = <u64>paddedWidth(p);
  const valueWidth = <u64>up8(p.valueWidth);
  const keys = <u64>up4(p.keys);
  const packed = !hasFewQueries(p);
  normalizers = take(ROWS * 4);
  remainders = take(ROWS * 4);
  offsets = take(ROWS * 4);
  outputRows = take(ROWS * valueWidth * 4);
  outputRowPanels = packed ? take(ROWS * valueWidth * 4) : 0;
  outputPanels = packed ? take((valueWidth >> 3) * QUERY_DEPTH) : 0;
  queryPanels = packed && !p.additive ? take((width >> 3) * QUERY_DEPTH) : 0;
  dScores = take(TILE);
  dScorePanels = packed && !p.additive ? take(TILE) : 0;
  factors = p.dropout ? take(TILE) : 0;
  weightRow = p.dWeights ? take(TILE_ROW) : 0;
  givenSums = p.dWeights ? take(ROWS * 4) : 0;
  weightSums = p.dWeights ? take(ROWS * 4) : 0;
  dQuery = take(ROWS * width * 4);
  dKey = take(keys * width * 4);
  dValue = take(keys * valueWidth * 4);
  layoutBlocks(p, true, true);
  return scratchEnd();
}

/**
 * Batch rows and key heads [from, to). They don't depend on each other but for the sums that they share: dVector, of which
 * each has its own part, and dBias and dTable, for which one call has to take all.
 */
export function backward(p: Request, scratch: usize, from: i32, to: i32): void {
  const width = <usize>paddedWidth(p);
  const valueWidth = <usize>up8(p.valueWidth);
  const keys = <usize>up4(p.keys);
  const group = p.heads / p.keyHeads;
  backwardScratch(p, scratch);
  for (let unit = from; unit < to; unit++) {
    const b = unit / p.keyHeads;
    const keyHead = unit % p.keyHeads;
    const head = <usize>unit;
    openKeys(p, b);
    memory.fill(dKey, 0, (keys * width) << 2);
    memory.fill(dValue, 0, (keys * valueWidth) << 2);
    dVector = p.additive ? p.dVector + head * (width << 3) : 0;
    for (let h = keyHead * group; h < (keyHead + 1) * group; h++) {
      for (let i0 = 0; i0 < p.queries; i0 += ROWS) backwardBlock(p, b, h, head, i0, min(ROWS, p.queries - i0));
    }
    storeRows(dKey, width, p.dKey, head * <usize>p.keys, p.keys, p.width, p.additive ? vectorRow : 0, 1);
    storeRows(dValue, valueWidth, p.dValue, head * <usize>p.keys, p.keys, p.valueWidth, 0, 1);
  }
}

function backwardBlock(p: Request, b: i32, h: i32, keyHead: usize, i0: i32, rows: i32): void {
  const row0 = <usize>(b * p.heads + h) * <usize>p.queries + <usize>i0;
  const padded = up4(rows);
  const width = paddedWidth(p);
  openRows(p, row0, rows);
  memory.fill(dQuery, 0, (<usize>padded * <usize>width) << 2);

  const first = firstBlock(p, b, i0);
  const end = endKey(p, b, i0, rows);
  if (p.dWeights) {
    memory.fill(givenSums, 0, ROWS * 4);
    memory.fill(weightSums, 0, ROWS * 4);
    for (let start = first; start < end; start += COLS) {
      if (openTile(p, b, h, keyHead, i0, rows, start, 0)) addWeightGradients(p, row0, rows);
    }
    for (let at: usize = 0; at < <usize>padded << 2; at += 16) {
      const mean = f32x4.div(v128.load(givenSums + at), v128.load(weightSums + at));
      const empty = f32x4.eq(v128.load(weightSums + at), f32x4.splat(0));
      v128.store(offsets + at, f32x4.add(v128.load(offsets + at), v128.andnot(mean, empty)));
    }
  }
  for (let start = first; start < end; start += COLS) {
    if (!openTile(p, b, h, keyHead, i0, rows, start, 0)) continue;
    const output = (<usize>up8(p.valueWidth)) << 2;
    const panel = (<usize>p.valueWidth) << 5;
    if (inPlace) directScores(outputRows, output, valueRows, p.valueWidth, dScores, TILE_ROW, rows, cols);
    else productWithin(outputRowPanels, valuePanels, panel, dScores, TILE_ROW, padded, cols, p.valueWidth, reach);
    differentiate(p, row0, rows);
    const dValueRows = dValue + <usize>j0 * output;
    if (inPlace) {
      directOuter(scores, TILE_ROW, outputRows, output, p.valueWidth, dValueRows, output, rows, cols, kind == PARTIAL);
    } else if (kind == PARTIAL && !outputsFinite) {
      productOfAllowed(scores, 4, TILE_ROW, outputPanels, QUERY_DEPTH, dValueRows, output, cols, p.valueWidth, rows);
    } else {
      addColumns(scores, TILE_ROW, outputPanels, QUERY_DEPTH, dValueRows, output, up4(cols), up8(p.valueWidth) >> 3, rows, reach);
    }
    if (p.scoreHook) hook(GRADIENT, changetype<usize>(p), rawScores, dScores, b, h, i0, rows, j0, cols);
    if (p.dBias || p.dTable) reduceBias(p, dScores, b, h, i0, rows, j0, cols);
    const dKeyRows = dKey + ((<usize>j0 * <usize>width) << 2);
    if (p.additive) {
      const key0 = <usize>b * <usize>p.keys + <usize>j0;
      additiveGradients(
        p,
        row0,
        key0,
        queryRows,
        keyPanels,
        factored,
        dScores,
        dQuery,
        dKeyRows,
        dVector,
        rows,
        cols,
      );
    } else {
      if (slopes) multiplyTile(dScores, slopes, padded);
      if (inPlace) directGradients(p, dKeyRows, <usize>width << 2, rows);
      else dotProductGradients(p, dKeyRows, <usize>width << 2, rows);
    }
  }
  if (p.additive) storeRows(dQuery, width, p.dQuery, row0, rows, p.width, vectorRow, 1);
  else storeRows(dQuery, width, p.dQuery, row0, rows, p.width, 0, p.scale);
}

function directGradients(p: Request, dKeyRows: usize, stride: usize, rows: i32): void {
  const masked = kind == PARTIAL;
  directContext(dScores, TILE_ROW, keyRows, p.width, dQuery, stride, rows, cols, masked);
  directOuter(dScores, TILE_ROW, queryRows, stride, p.width, dKeyRows, stride, rows, cols, masked);
}

function dotProductGradients(p: Request, dKeyRows: usize, stride: usize, rows: i32): void {
  const panels = <i32>(stride >> 5);
  if (kind == PARTIAL && marks & KEY_NOT_FINITE) {
    productOfAllowed(dScores, TILE_ROW, 4, keyRowPanels, keyDepth, dQuery, stride, rows, p.width, cols);
  } else {
    const depth = up4(cols);
    packUnchecked(dScores, TILE_ROW, up4(rows), depth, dScorePanels);
    addRows(dScorePanels, depth, keyRowPanels, keyDepth, dQuery, stride, up4(rows), panels, cols, reach);
  }
  if (kind == PARTIAL && !queriesFinite) {
    productOfAllowed(dScores, 4, TILE_ROW, queryPanels, QUERY_DEPTH, dKeyRows, stride, cols, p.width, rows);
  } else {
    addColumns(dScores, TILE_ROW, queryPanels, QUERY_DEPTH, dKeyRows, stride, up4(cols), panels, rows, reach);
  }
}

/** What a block of queries brings: rows without a key are 0 throughout, whatever their cotangents hold. */
function openRows(p: Request, row0: usize, rows: i32): void {
  const width = p.valueWidth;
  const stride = (<usize>up8(width)) << 2;
  const saved = p.logSumExp + (row0 << 2);
  queriesFinite = openQueries(p, row0, rows, saved, 0);
  outputsFinite = true;
  for (let r = 0; r < up4(rows); r++) {
    const at = <usize>r << 2;
    const to = outputRows + <usize>r * stride;
    const normalizer: f32 = r < rows ? load<f32>(saved + at) : -Infinity;
    if (normalizer == -Infinity) {
      memory.fill(to, 0, stride);
      store<f32>(normalizers + at, Infinity);
      store<f32>(remainders + at, 0);
      store<f32>(offsets + at, 0);
      continue;
    }
    const from = ((row0 + <usize>r) * <usize>width) << 2;
    outputsFinite = copyRows(p.dContext + from, 0, 1, width, to, stride, 1) && outputsFinite;
    const mean = dot(p.dContext + from, p.context + from, width);
    store<f32>(normalizers + at, normalizer);
    store<f32>(remainders + at, load<f32>(p.remainder + ((row0 + <usize>r) << 2)));
    store<f32>(offsets + at, mean - load<f32>(p.dLogSumExp + ((row0 + <usize>r) << 2)));
  }
  if (inPlace) return;
  packLeft(outputRows, stride, up4(rows), width, outputRowPanels);
  packColumns(outputRows, stride, rows, up8(width), outputPanels, QUERY_DEPTH);
  if (!p.additive) {
    const queryWidth = paddedWidth(p);
    packColumns(queryRows, <usize>queryWidth << 2, rows, queryWidth, queryPanels, QUERY_DEPTH);
  }
}

/**
 * First pass, only with dWeights, for D += Σ_j P_ij·dW_ij / Σ_j P_ij. The divisor is 1 up to rounding, but dS is a difference
 * of numbers of the size of dW.
 */
function addWeightGradients(p: Request, row0: usize, rows: i32): void {
  for (let r = 0; r < rows; r++) {
    const at = <usize>r << 2;
    if (load<f32>(normalizers + at) == Infinity) continue;
    const given = openWeightRow(p, row0 + <usize>r);
    const normalizer = f32x4.splat(load<f32>(normalizers + at));
    const remainder = f32x4.splat(load<f32>(remainders + at));
    let sum = f32x4.splat(0);
    let weights = f32x4.splat(0);
    for (let c: usize = 0; c < <usize>cols << 2; c += 16) {
      const s = v128.load(scores + <usize>r * TILE_ROW + c);
      const masked = f32x4.eq(s, f32x4.splat(-Infinity));
      const e = v128.andnot(weightOf(s, normalizer, remainder), masked);
      sum = f32x4.add(sum, v128.andnot(f32x4.mul(e, v128.load(given + c)), masked));
      weights = f32x4.add(weights, e);
    }
    store<f32>(givenSums + at, load<f32>(givenSums + at) + sum4(sum));
    store<f32>(weightSums + at, load<f32>(weightSums + at) + sum4(weights));
  }
}

/** exp(s − logSumExp): first what is large and close together is taken off, which is exact, then what rounding had lost. */
// @ts-ignore: decorator
@inline
function weightOf(s: v128, logSumExp: v128, remainder: v128): v128 {
  return weightExp4(f32x4.sub(f32x4.sub(s, logSumExp), remainder));
}

/** A row's part of dW, padded with 0. */
function openWeightRow(p: Request, row: usize): usize {
  v128.store(weightRow + ((<usize>up4(cols) - 4) << 2), f32x4.splat(0));
  memory.copy(weightRow, p.dWeights + ((row * <usize>p.keys + <usize>j0) << 2), <usize>cols << 2);
  return weightRow;
}

/** The tile of scores to P∘F, and that of dO·Vᵀ to dS. */
function differentiate(p: Request, row0: usize, rows: i32): void {
  if (p.dropout) dropoutFactors(p, factors, <u64>row0 * <u64>p.keys + <u64>j0, rows, cols);
  const end = (<usize>up8(cols)) << 2;
  for (let r = 0; r < up4(rows); r++) {
    const row = <usize>r * TILE_ROW;
    if (load<f32>(normalizers + (<usize>r << 2)) == Infinity) {
      clear(scores + row, scores + row + end);
      clear(dScores + row, dScores + row + end);
      continue;
    }
    const normalizer = f32x4.splat(load<f32>(normalizers + (<usize>r << 2)));
    const remainder = f32x4.splat(load<f32>(remainders + (<usize>r << 2)));
    const offset = f32x4.splat(load<f32>(offsets + (<usize>r << 2)));
    const given = p.dWeights ? openWeightRow(p, row0 + <usize>r) : 0;
    const within = <usize>up8(reached(r, reach, cols)) << 2;
    clear(scores + row + within, scores + row + end);
    clear(dScores + row + within, dScores + row + end);
    for (let c: usize = 0; c < within; c += 16) {
      const at = row + c;
      const s = v128.load(scores + at);
      const masked = f32x4.eq(s, f32x4.splat(-Infinity));
      const weight = v128.andnot(weightOf(s, normalizer, remainder), masked);
      let dWeight = v128.load(dScores + at);
      let kept = weight;
      if (p.dropout) {
        const factor = v128.load(factors + at);
        dWeight = f32x4.mul(dWeight, factor);
        kept = f32x4.mul(kept, factor);
      }
      if (given) dWeight = f32x4.add(dWeight, v128.load(given + c));
      v128.store(scores + at, kept);
      v128.store(dScores + at, v128.andnot(f32x4.mul(weight, f32x4.sub(dWeight, offset)), masked));
    }
  }
}

/** What is 0 stays so: under the mask the other factor may be NaN. */
function multiplyTile(tile: usize, by: usize, rows: i32): void {
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < up8(cols); c += 4) {
      const at = <usize>r * TILE_ROW + (<usize>c << 2);
      const x = v128.load(tile + at);
      const product = f32x4.mul(x, v128.load(by + at));
      v128.store(tile + at, v128.andnot(product, f32x4.eq(x, f32x4.splat(0))));
    }
  }
}

/** Rows of padded sums to a gradient, times `factor`, or times v_u of additive attention. */
function storeRows(
  from: usize,
  stride: usize,
  to: usize,
  row0: usize,
  rows: i32,
  width: i32,
  vector: usize,
  factor: f32,
): void {
  for (let r = 0; r < rows; r++) {
    const source = from + ((<usize>r * stride) << 2);
    const target = to + (((row0 + <usize>r) * <usize>width) << 2);
    if (vector) scaleRowBy(source, target, width, vector);
    else scaleRow(source, target, width, factor);
  }
}
