import { areFactored, additiveScores, factor, isModerate } from './additive';
import { addBias, mayMask } from './bias';
import { classify, endKey, firstKey, keyLimit, maskTile, reachOf } from './mask';
import { copyRows, packColumns, packLeft, packRows } from './pack';
import { MASK, SCORE, hook, hookKind } from './hook';
import { directScores, hasFewQueries } from './direct';
import { Request } from './request';
import { rightPanel } from './product';
import { productWithin } from './reach';
import {
  COLS,
  FULL,
  KEY_NOT_FINITE,
  PACKED,
  PARTIAL,
  ROWS,
  SKIP,
  TILE,
  TILE_ROW,
  VALUE_NOT_FINITE,
  hide,
  paddedWidth,
  take,
  up4,
  up8,
} from './tile';
import { tanh4 } from './vector';

/**
 * What forward and backward share: blocks of keys and values, packed when first met, blocks of queries, and tiles of scores.
 * State belongs to the call that is running; a module has one thread.
 */

/** The scores of the tile. */
export let scores: usize = 0;
/** Derivatives of the soft cap, when there is one and they are asked for. */
export let slopes: usize = 0;
/** Scores before the hook, when there is one and gradients are asked for. */
export let rawScores: usize = 0;
/** The same where a bias may mask them. */
let biased: usize = 0;
/** The block of queries, times scale for dot products; rows of the padded width. */
export let queryRows: usize = 0;
/** The same in panels of 12 rows, for dot products. */
let queryPanels: usize = 0;
/** v of additive attention, padded. */
export let vectorRow: usize = 0;
/** Whether the rows of additive attention hold e^2x, not x. */
export let factored: bool = false;
/** The tile's first key, its keys, and whether the mask lets all of it take part. */
export let j0: i32 = 0;
export let cols: i32 = 0;
export let kind: i32 = 0;
/** Row r of the tile reaches the columns below r + reach, as far as the band tells. */
export let reach: i32 = 0;
/** Packed keys as depth × keys (rows of e^2k or k for additive attention), of the tile's block. */
export let keyPanels: usize = 0;
/** Values with keys as depth, or with keys as columns in the backward pass. */
export let valuePanels: usize = 0;
/** Backward: keys with keys as depth. */
export let keyRowPanels: usize = 0;
/** Marks of the tile's block. */
export let marks: u8 = 0;

/** Whether queries are so few that values are read where they are; and keys too, but those of additive attention, which become e^2k. */
export let inPlace: bool = false;
let keysInPlace: bool = false;
/** Keys of a tile. */
export let tileKeys: i32 = COLS;
/** The keys and values of the tile's block, where they are. */
export let keyRows: usize = 0;
export let valueRows: usize = 0;
/** Bytes between panels of what has keys as depth. */
export let keyDepth: usize = 0;

let blockMarks: usize = 0;
let keyStore: usize = 0;
let keyRowStore: usize = 0;
let valueStore: usize = 0;
let backward: bool = false;
let shared: bool = false;

/**
 * How many heads' blocks of queries are worked on together, in `SLOT` rows each: of few queries, as many heads of a group as there are rows for,
 * so that a key and a value come from memory once for all of them.
 */
export const SLOT: i32 = 4;

export function headsTogether(p: Request): i32 {
  return !p.additive && hasFewQueries(p) ? min(ROWS / SLOT, p.heads / p.keyHeads) : 1;
}

/**
 * Keys of a tile that are read in place for a head that shares them with no other: 4 KiB of 64 numbers each. Such a head waits for memory, which goes on
 * with keys while values are read, and with values while keys are, if turns are short. Heads that share keys compute meanwhile.
 */
const SHORT_TURN: i32 = 16;

/** @param reused whether blocks of keys are met by more than one block of queries, and so are kept */
export function layoutBlocks(p: Request, reused: bool, isBackward: bool): void {
  backward = isBackward;
  inPlace = hasFewQueries(p);
  keysInPlace = inPlace && !p.additive;
  tileKeys = keysInPlace && p.heads == p.keyHeads && !backward ? SHORT_TURN : COLS;
  shared = reused;
  keyDepth = rightPanel(min(COLS, p.keys));
  const blocks = (p.keys + COLS - 1) / COLS;
  const slots = <u64>(reused ? blocks : 1);
  const width = paddedWidth(p);
  scores = take(TILE);
  slopes = p.softCap != 0 && backward ? take(TILE) : 0;
  rawScores = p.scoreHook && backward ? take(TILE) : 0;
  biased = p.scoreHook && mayMask(p) ? take(TILE) : 0;
  queryRows = take(<u64>ROWS * width * 4);
  queryPanels = p.additive ? 0 : take(<u64>ROWS * width * 4);
  vectorRow = p.additive ? take(<u64>width * 4) : 0;
  blockMarks = take(blocks);
  keyStore = keysInPlace ? 0 : take(slots * keySlot(p));
  valueStore = inPlace ? 0 : take(slots * valueSlot(p));
  keyRowStore = backward && !p.additive && !inPlace ? take(slots * keyRowSlot(p)) : 0;
}

/** Bytes of a packed block of keys, of values, and of keys with keys as depth. */
function keySlot(p: Request): u64 {
  return <u64>(COLS << 2) * paddedWidth(p);
}
function valueSlot(p: Request): u64 {
  return backward ? <u64>(COLS << 2) * p.valueWidth : keyDepth * <u64>(up8(p.valueWidth) >> 3);
}
function keyRowSlot(p: Request): u64 {
  return keyDepth * <u64>(paddedWidth(p) >> 3);
}

/** Starts on the keys of batch row b. */
export function openKeys(p: Request, b: i32): void {
  memory.fill(blockMarks, 0, (p.keys + COLS - 1) / COLS);
  if (p.additive) {
    copyRows(p.vector, 0, 1, p.width, vectorRow, (<usize>paddedWidth(p)) << 2, 1);
    factored =
      isModerate(p.vector, p.width) &&
      areFactored(p.query + ((<usize>(b * p.queries * p.width)) << 2), p.queries * p.width) &&
      areFactored(p.key + ((<usize>(b * p.keys * p.width)) << 2), p.keys * p.width);
  }
}

/**
 * Queries [i0, i0 + rows) to scratch, in rows up to a multiple of 4 from slot `slot` on; those of rows that `logSumExp` calls dead are 0.
 */
export function openQueries(p: Request, row0: usize, rows: i32, logSumExp: usize, slot: i32): bool {
  const width = paddedWidth(p);
  const stride = <usize>width << 2;
  let finite = true;
  for (let r = 0; r < up4(rows); r++) {
    const to = queryRows + <usize>(slot * SLOT + r) * stride;
    if (r >= rows || (logSumExp && load<f32>(logSumExp + (<usize>r << 2)) == -Infinity)) {
      memory.fill(to, 0, stride);
    } else {
      const from = p.query + (((row0 + <usize>r) * <usize>p.width) << 2);
      finite = copyRows(from, 0, 1, p.width, to, stride, p.additive ? 1 : p.scale) && finite;
    }
  }
  if (p.additive) {
    if (factored) factor(queryRows, rows * width);
  } else if (!keysInPlace) {
    packLeft(queryRows, stride, up4(rows), p.width, queryPanels);
  }
  return finite;
}

/** Where the keys of a block of queries start: on a tile. */
export function firstBlock(p: Request, b: i32, i0: i32): i32 {
  return firstKey(p, b, i0) & ~(tileKeys - 1);
}

/**
 * Scores of queries [i0, i0 + rows), which were opened in slot `slot`, and the tile's keys from `start` on, masked by −∞; false when the mask lets
 * none take part.
 */
export function openTile(p: Request, b: i32, h: i32, keyHead: usize, i0: i32, rows: i32, start: i32, slot: i32): bool {
  const whole = min(tileKeys, keyLimit(p, b) - start);
  j0 = start;
  cols = min(whole, endKey(p, b, i0, rows) - start);
  kind = classify(p, b, i0, rows, j0, cols);
  if (kind == SKIP) return false;
  // A hook is given every score, and its gradient what was computed of it.
  reach = p.scoreHook ? COLS : reachOf(p, b, i0, j0);
  const hooked = hookKind(p, b, h, i0, start);
  if (hooked == SKIP) return false;
  if (hooked > PARTIAL) {
    cols = min(cols, ((hooked - PARTIAL) << 3) - (start & (COLS - 1)));
    if (cols <= 0) return false;
  }
  if (hooked != FULL || p.scoreHook || mayMask(p) || cols < whole) kind = PARTIAL;
  if (inPlace) find(p, keyHead);
  if (!keysInPlace) pack(p, keyHead, whole);

  const padded = up8(cols);
  const width = paddedWidth(p);
  // What is read in place is done row by row, and needs no padding with rows.
  const lines = inPlace ? rows : up4(rows);
  if (p.additive) {
    additiveScores(queryRows, keyPanels, vectorRow, scores, lines, up4(cols), width, factored);
  } else {
    const panel = (<usize>p.width) << 5;
    const stride = <usize>width << 2;
    if (keysInPlace) directScores(queryRows + <usize>(slot * SLOT) * stride, stride, keyRows, p.width, scores, TILE_ROW, rows, cols);
    else productWithin(queryPanels, keyPanels, panel, scores, TILE_ROW, up4(rows), cols, p.width, reach);
    if (p.softCap != 0) cap(p, lines, padded);
    addBias(p, scores, b, h, i0, rows, j0, cols);
  }
  if (p.scoreHook) hookScores(p, b, h, i0, rows, <usize>lines * TILE_ROW);
  if (hooked != FULL) hook(MASK, changetype<usize>(p), scores, 0, b, h, i0, rows, j0, cols);
  if (kind == PARTIAL) maskTile(p, scores, TILE_ROW, b, h, i0, rows, j0, cols);
  if (cols < padded) {
    for (let r = 0; r < lines; r++) {
      const row = scores + <usize>r * TILE_ROW;
      hide(row + (<usize>cols << 2), row + (<usize>padded << 2));
    }
  }
  return true;
}

function hookScores(p: Request, b: i32, h: i32, i0: i32, rows: i32, bytes: usize): void {
  if (rawScores) memory.copy(rawScores, scores, bytes);
  // Scores that a bias of −∞ masks stay so, whatever is made of them.
  if (mayMask(p)) memory.copy(biased, scores, bytes);
  hook(SCORE, changetype<usize>(p), scores, 0, b, h, i0, rows, j0, cols);
  if (!mayMask(p)) return;
  const lowest = f32x4.splat(-Infinity);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < cols; c += 4) {
      const at = <usize>r * TILE_ROW + (<usize>c << 2);
      const masked = f32x4.eq(v128.load(biased + at), lowest);
      v128.store(scores + at, v128.bitselect(lowest, v128.load(scores + at), masked));
    }
  }
}

function find(p: Request, keyHead: usize): void {
  const row = keyHead * <usize>p.keys + <usize>j0;
  keyRows = p.key + ((row * <usize>p.width) << 2);
  valueRows = p.value + ((row * <usize>p.valueWidth) << 2);
}

/** Packs of the tile's block what isn't read in place, unless that was done before. */
function pack(p: Request, keyHead: usize, whole: i32): void {
  const block = j0 / COLS;
  const slot: u64 = shared ? block : 0;
  const width = paddedWidth(p);
  keyPanels = keyStore + <usize>(slot * keySlot(p));
  valuePanels = valueStore + <usize>(slot * valueSlot(p));
  keyRowPanels = keyRowStore + <usize>(slot * keyRowSlot(p));
  marks = load<u8>(blockMarks + <usize>block);
  if (marks & PACKED) return;

  const row = keyHead * <usize>p.keys + <usize>j0;
  const key = p.key + ((row * <usize>p.width) << 2);
  const keyStride = (<usize>p.width) << 2;
  const value = p.value + ((row * <usize>p.valueWidth) << 2);
  const valueStride = (<usize>p.valueWidth) << 2;
  marks = PACKED;
  if (p.additive) {
    const stride = <usize>width << 2;
    if (!copyRows(key, keyStride, whole, p.width, keyPanels, stride, 1)) marks |= KEY_NOT_FINITE;
    memory.fill(keyPanels + <usize>whole * stride, 0, <usize>(up4(whole) - whole) * stride);
    if (factored) factor(keyPanels, up4(whole) * width);
  } else {
    if (!packRows(key, keyStride, whole, p.width, keyPanels, <usize>p.width << 5)) marks |= KEY_NOT_FINITE;
    if (backward) packColumns(key, keyStride, whole, p.width, keyRowPanels, keyDepth);
  }
  if (!inPlace) {
    const finite = backward
      ? packRows(value, valueStride, whole, p.valueWidth, valuePanels, <usize>p.valueWidth << 5)
      : packColumns(value, valueStride, whole, p.valueWidth, valuePanels, keyDepth);
    if (!finite) marks |= VALUE_NOT_FINITE;
  }
  store<u8>(blockMarks + <usize>block, marks);
}

function cap(p: Request, rows: i32, padded: i32): void {
  const size = f32x4.splat(p.softCap);
  const one = f32x4.splat(1);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < padded; c += 4) {
      const at = <usize>r * TILE_ROW + (<usize>c << 2);
      const t = tanh4(f32x4.div(v128.load(scores + at), size));
      v128.store(scores + at, f32x4.mul(size, t));
      if (slopes) v128.store(slopes + at, f32x4.sub(one, f32x4.mul(t, t)));
    }
  }
}
