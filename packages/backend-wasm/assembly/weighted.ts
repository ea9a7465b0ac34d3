import { directContext, directOuter, directScores, hasFewQueries } from './direct';
import { dropoutFactors } from './dropout';
import { classify, endKey, firstKey, keyLimit, maskTile } from './mask';
import { differentiateNormalizer, normalize } from './normalizers';
import { copyRows, packColumns, packLeft, packRows, packUnchecked, scaleRow } from './pack';
import { Request } from './request';
import { A_STEP, leftPanel, product, productOfAllowed, rightPanel } from './product';
import { COLS, PARTIAL, ROWS, SKIP, TILE, TILE_ROW, hide, openScratch, scratchEnd, take, up4, up8 } from './tile';

/**
 * weightedContext: scores are given, and any normaliser may follow, which has to see whole rows. So a block of ROWS queries
 * is worked on as strips of all keys that it may attend to.
 */

/** Strips of scores, masked by −∞; of weights, later times the dropout factors; of gradients. Rows of `stride` bytes. */
let scores: usize = 0;
let weights: usize = 0;
let gradients: usize = 0;
let stride: usize = 0;
/** A tile of dropout factors, and one of weights in panels of 12 rows. */
let factors: usize = 0;
let panels: usize = 0;
/** Values of the head by blocks of COLS keys, of `slot` bytes: keys as depth, in panels of `keyDepth` bytes, or as columns in the backward pass. */
let values: usize = 0;
let slot: usize = 0;
let keyDepth: usize = 0;
/** Bytes between panels of what has a block of queries as depth. */
const QUERY_DEPTH: usize = rightPanel(ROWS);
let valuesFinite: bool = true;
/** Whether values are read where they are. */
let inPlace: bool = false;
/** The block's context. */
let context: usize = 0;
/** Backward: dO, the same in panels of 12 rows and with queries as depth; the sums of dV. */
let outputRows: usize = 0;
let outputRowPanels: usize = 0;
let outputPanels: usize = 0;
let outputsFinite: bool = true;
let dValue: usize = 0;
/** The keys that the strip holds: [first, end), and the bytes of its rows. */
let first: i32 = 0;
let end: i32 = 0;
let bytes: usize = 0;

/** @returns one past the last byte of scratch, when it starts at `base` */
export function weightedForwardScratch(p: Request, base: usize): f64 {
  openScratch(base);
  layout(p);
  panels = inPlace ? 0 : take(TILE);
  context = take(<u64>ROWS * up8(p.valueWidth) * 4);
  values = inPlace ? 0 : take(<u64>blocksOf(p) * slot);
  return scratchEnd();
}

export function weightedBackwardScratch(p: Request, base: usize): f64 {
  openScratch(base);
  layout(p);
  const block = <u64>ROWS * up8(p.valueWidth) * 4;
  gradients = take(<u64>ROWS * stride);
  outputRows = take(block);
  outputRowPanels = inPlace ? 0 : take(block);
  outputPanels = inPlace ? 0 : take(<u64>(up8(p.valueWidth) >> 3) * QUERY_DEPTH);
  values = inPlace ? 0 : take(<u64>blocksOf(p) * slot);
  dValue = take(<u64>up4(p.keys) * up8(p.valueWidth) * 4);
  return scratchEnd();
}

function layout(p: Request): void {
  // A cache line more, so that rows don't all fall on the same lines of the cache.
  stride = <usize>blocksOf(p) * TILE_ROW + 64;
  inPlace = hasFewQueries(p);
  keyDepth = rightPanel(min(COLS, p.keys));
  // In the backward pass keys are columns of panels that are as deep as values are wide.
  slot = max(<usize>(up8(p.valueWidth) >> 3) * keyDepth, (<usize>COLS * <usize>p.valueWidth) << 2);
  scores = take(<u64>ROWS * stride);
  weights = take(<u64>ROWS * stride);
  factors = p.dropout ? take(TILE) : 0;
}

function blocksOf(p: Request): i32 {
  return (p.keys + COLS - 1) / COLS;
}

/** Units [from, to): unit n is part n mod `parts` of the queries of head ⌊n/parts⌋. */
export function weightedForward(p: Request, scratch: usize, parts: i32, from: i32, to: i32): void {
  weightedForwardScratch(p, scratch);
  const blocks = (p.queries + ROWS - 1) / ROWS;
  const share = (blocks + parts - 1) / parts;
  let open = -1;
  for (let unit = from; unit < to; unit++) {
    const head = unit / parts;
    if (head != open && !inPlace) packValues(p, head, false);
    open = head;
    const start = (unit % parts) * share;
    for (let block = start; block < min(start + share, blocks); block++) {
      forwardBlock(p, head, block * ROWS, min(ROWS, p.queries - block * ROWS));
    }
  }
}

function forwardBlock(p: Request, head: i32, i0: i32, rows: i32): void {
  const row0 = <usize>head * <usize>p.queries + <usize>i0;
  const output = (<usize>up8(p.valueWidth)) << 2;
  openStrip(p, head, i0, rows);
  for (let r = 0; r < up4(rows); r++) normalizeRow(p, r);
  storeStrip(p, weights, p.weights, row0, rows);
  if (p.dropout) drop(p, weights, row0, rows);

  memory.fill(context, 0, <usize>up4(rows) * output);
  for (let j0 = first; j0 < end; j0 += COLS) {
    const cols = min(COLS, end - j0);
    const tile = weights + offsetOf(j0);
    if (inPlace) {
      directContext(tile, stride, valueRows(p, head, j0), p.valueWidth, context, output, rows, cols, true);
    } else if (!valuesFinite) {
      productOfAllowed(tile, stride, 4, slotOf(j0), keyDepth, context, output, rows, p.valueWidth, cols);
    } else {
      const depth = up4(cols);
      packUnchecked(tile, stride, up4(rows), depth, panels);
      product(
        panels,
        leftPanel(depth),
        A_STEP,
        slotOf(j0),
        keyDepth,
        context,
        output,
        up4(rows),
        <i32>(output >> 5),
        cols,
        true,
      );
    }
  }
  for (let r: usize = 0; r < <usize>rows; r++) {
    scaleRow(context + r * output, p.context + (((row0 + r) * <usize>p.valueWidth) << 2), p.valueWidth, 1);
  }
}

/** Heads [from, to). */
export function weightedBackward(p: Request, scratch: usize, from: i32, to: i32): void {
  weightedBackwardScratch(p, scratch);
  const output = (<usize>up8(p.valueWidth)) << 2;
  for (let head = from; head < to; head++) {
    if (!inPlace) packValues(p, head, true);
    memory.fill(dValue, 0, <usize>up4(p.keys) * output);
    for (let i0 = 0; i0 < p.queries; i0 += ROWS) backwardBlock(p, head, i0, min(ROWS, p.queries - i0));
    for (let j: usize = 0; j < <usize>p.keys; j++) {
      const to = p.dValue + (((<usize>head * <usize>p.keys + j) * <usize>p.valueWidth) << 2);
      scaleRow(dValue + j * output, to, p.valueWidth, 1);
    }
  }
}

function backwardBlock(p: Request, head: i32, i0: i32, rows: i32): void {
  const row0 = <usize>head * <usize>p.queries + <usize>i0;
  const output = (<usize>up8(p.valueWidth)) << 2;
  const panel = (<usize>p.valueWidth) << 5;
  openStrip(p, head, i0, rows);
  openOutputs(p, row0, rows);
  for (let j0 = first; j0 < end; j0 += COLS) {
    const cols = min(COLS, end - j0);
    const count = up8(cols) >> 3;
    const tile = gradients + offsetOf(j0);
    if (inPlace) directScores(outputRows, output, valueRows(p, head, j0), p.valueWidth, tile, stride, rows, cols);
    else product(outputRowPanels, leftPanel(p.valueWidth), A_STEP, slotOf(j0), panel, tile, stride, up4(rows), count, p.valueWidth, false);
  }
  if (p.dropout) drop(p, gradients, row0, rows);
  for (let r: usize = 0; r < <usize>rows; r++) {
    const at = r * stride;
    addGiven(p, gradients + at, scores + at, row0 + r);
    differentiateNormalizer(p.normalizer, scores + at, weights + at, gradients + at, bytes);
  }
  storeStrip(p, gradients, p.dScores, row0, rows);

  if (p.dropout) drop(p, weights, row0, rows);
  for (let j0 = first; j0 < end; j0 += COLS) {
    const cols = min(COLS, end - j0);
    const tile = weights + offsetOf(j0);
    const to = dValue + <usize>j0 * output;
    if (inPlace) {
      directOuter(tile, stride, outputRows, output, p.valueWidth, to, output, rows, cols, !outputsFinite);
    } else if (outputsFinite) {
      const count = <i32>(output >> 5);
      product(tile, A_STEP, stride, outputPanels, QUERY_DEPTH, to, output, up4(cols), count, rows, true);
    } else {
      productOfAllowed(tile, 4, stride, outputPanels, QUERY_DEPTH, to, output, cols, p.valueWidth, rows);
    }
  }
}

/** The strip of scores of queries [i0, i0 + rows); those of padding are −∞. */
function openStrip(p: Request, head: i32, i0: i32, rows: i32): void {
  const b = head / p.heads;
  first = firstKey(p, b, i0) & ~(COLS - 1);
  end = max(first, endKey(p, b, i0, rows));
  bytes = (<usize>up8(end - first)) << 2;
  const row0 = <usize>head * <usize>p.queries + <usize>i0;
  for (let r = 0; r < up4(rows); r++) {
    const to = scores + <usize>r * stride;
    const count = r < rows ? end - first : 0;
    if (count > 0) memory.copy(to, p.scores + (((row0 + <usize>r) * <usize>p.keys + <usize>first) << 2), <usize>count << 2);
    hide(to + (<usize>count << 2), to + bytes);
  }
  for (let j0 = first; j0 < end; j0 += COLS) {
    const cols = min(COLS, end - j0);
    const tile = scores + offsetOf(j0);
    const kind = classify(p, b, i0, rows, j0, cols);
    if (kind == PARTIAL) maskTile(p, tile, stride, b, head % p.heads, i0, rows, j0, cols);
    else if (kind == SKIP) for (let r = 0; r < rows; r++) hide(tile + <usize>r * stride, tile + <usize>r * stride + (<usize>cols << 2));
  }
}

/** @returns whether the row attends to anything */
function normalizeRow(p: Request, r: i32): bool {
  const at = <usize>r * stride;
  return normalize(p.normalizer, scores + at, weights + at, bytes);
}

/** Weights of the strip, and dO; that of rows without a key is 0, whatever it holds. */
function openOutputs(p: Request, row0: usize, rows: i32): void {
  const output = (<usize>up8(p.valueWidth)) << 2;
  outputsFinite = true;
  for (let r = 0; r < up4(rows); r++) {
    const to = outputRows + <usize>r * output;
    if (normalizeRow(p, r)) {
      const from = p.dContext + (((row0 + <usize>r) * <usize>p.valueWidth) << 2);
      outputsFinite = copyRows(from, 0, 1, p.valueWidth, to, output, 1) && outputsFinite;
    } else {
      memory.fill(to, 0, output);
    }
  }
  if (inPlace) return;
  packLeft(outputRows, output, up4(rows), p.valueWidth, outputRowPanels);
  packColumns(outputRows, output, rows, up8(p.valueWidth), outputPanels, QUERY_DEPTH);
}

function packValues(p: Request, head: i32, backward: bool): void {
  const from = p.value + ((<usize>head * <usize>p.keys * <usize>p.valueWidth) << 2);
  const row = (<usize>p.valueWidth) << 2;
  const limit = keyLimit(p, head / p.heads);
  valuesFinite = true;
  for (let j0 = 0; j0 < limit; j0 += COLS) {
    const at = from + <usize>j0 * row;
    const to = slotOf(j0);
    const cols = min(COLS, limit - j0);
    const finite = backward
      ? packRows(at, row, cols, p.valueWidth, to, <usize>p.valueWidth << 5)
      : packColumns(at, row, cols, p.valueWidth, to, keyDepth);
    valuesFinite = finite && valuesFinite;
  }
}

/** Adds dW to a row of gradients, of which only what takes part stays. */
function addGiven(p: Request, row: usize, from: usize, index: usize): void {
  const given = p.dWeights + ((index * <usize>p.keys + <usize>first) << 2);
  const length = <usize>(end - first) << 2;
  for (let at: usize = 0; at < length; at += 4) {
    const d = load<f32>(row + at) + load<f32>(given + at);
    store<f32>(row + at, load<f32>(from + at) == -Infinity ? 0 : d);
  }
  if (bytes > length) memory.fill(row + length, 0, bytes - length);
}

/** Multiplies a strip by the dropout factors. What is 0 stays so. */
function drop(p: Request, strip: usize, row0: usize, rows: i32): void {
  for (let j0 = first; j0 < end; j0 += COLS) {
    const cols = min(COLS, end - j0);
    dropoutFactors(p, factors, <u64>row0 * <u64>p.keys + <u64>j0, rows, cols);
    for (let r: usize = 0; r < <usize>rows; r++) {
      const row = strip + r * stride + offsetOf(j0);
      for (let at: usize = 0; at < <usize>cols << 2; at += 16) {
        v128.store(row + at, f32x4.mul(v128.load(row + at), v128.load(factors + r * TILE_ROW + at)));
      }
    }
  }
}

/** Rows of a strip to those of [queries, keys], with 0 around them. */
function storeStrip(p: Request, strip: usize, to: usize, row0: usize, rows: i32): void {
  const width = (<usize>p.keys) << 2;
  for (let r: usize = 0; r < <usize>rows; r++) {
    const row = to + (row0 + r) * width;
    const after = row + (<usize>end << 2);
    memory.fill(row, 0, <usize>first << 2);
    memory.copy(row + (<usize>first << 2), strip + r * stride, <usize>(end - first) << 2);
    memory.fill(after, 0, row + width - after);
  }
}

// @ts-ignore: decorator
@inline
function offsetOf(j0: i32): usize {
  return <usize>(j0 - first) << 2;
}

/** Values of the block of keys at j0, where they are. */
function valueRows(p: Request, head: i32, j0: i32): usize {
  return p.value + (((<usize>head * <usize>p.keys + <usize>j0) * <usize>p.valueWidth) << 2);
}

// @ts-ignore: decorator
@inline
function slotOf(j0: i32): usize {
  return values + <usize>(j0 / COLS) * slot;
}
