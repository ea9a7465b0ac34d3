import { Request } from './request';
import { COLS, FULL, PARTIAL, ROWS, SKIP, hide } from './tile';

/** No query of batch row b attends to a key from here on. */
export function keyLimit(p: Request, b: i32): i32 {
  return p.lengths ? min(p.keys, load<i32>(p.lengths + (<usize>b << 2))) : p.keys;
}

/**
 * The first key, and one past the last, that queries [i0, i0 + rows) may attend to, as far as band and lengths tell; both in
 * [0, keys], and the second isn't above the first where there is none.
 */
export function firstKey(p: Request, b: i32, i0: i32): i32 {
  return p.bandLower ? min(p.keys, max(0, i0 + load<i32>(p.bandLower + (<usize>b << 2)))) : 0;
}

export function endKey(p: Request, b: i32, i0: i32, rows: i32): i32 {
  const limit = keyLimit(p, b);
  return p.bandUpper ? max(0, min(limit, i0 + rows + load<i32>(p.bandUpper + (<usize>b << 2)))) : limit;
}

/** How far the tile at query i0 and key j0 is reached by its rows: row r reaches the columns below r + reach, as far as the band tells. */
export function reachOf(p: Request, b: i32, i0: i32, j0: i32): i32 {
  return p.bandUpper ? max(-ROWS, min(COLS, i0 - j0 + 1 + load<i32>(p.bandUpper + (<usize>b << 2)))) : COLS;
}

/** What the mask does to a tile, as far as that is known without looking at a dense mask. */
export function classify(p: Request, b: i32, i0: i32, rows: i32, j0: i32, cols: i32): i32 {
  let kind = p.mask ? PARTIAL : FULL;
  if (p.bandLower) {
    const lower = load<i32>(p.bandLower + (<usize>b << 2));
    const upper = load<i32>(p.bandUpper + (<usize>b << 2));
    const smallest = j0 - (i0 + rows - 1);
    const largest = j0 + cols - 1 - i0;
    if (largest < lower || smallest > upper) return SKIP;
    if (smallest < lower || largest > upper) kind = PARTIAL;
  }
  if (p.querySegments) {
    const met = compareRanges(segmentIds(p, b, i0), rows, keySegmentIds(p, b, j0), cols);
    if (met == SKIP) return SKIP;
    if (met == PARTIAL) kind = PARTIAL;
  }
  return kind;
}

/** Writes −∞ over the scores of a PARTIAL tile, in rows of `stride` bytes, that don't take part, whatever they are. */
export function maskTile(
  p: Request,
  tile: usize,
  stride: usize,
  b: i32,
  h: i32,
  i0: i32,
  rows: i32,
  j0: i32,
  cols: i32,
): void {
  for (let r = 0; r < rows; r++) {
    const row = tile + <usize>r * stride;
    if (p.bandLower) {
      const i = i0 + r;
      const from = min(cols, max(0, i + load<i32>(p.bandLower + (<usize>b << 2)) - j0));
      const to = max(0, min(cols, i + load<i32>(p.bandUpper + (<usize>b << 2)) + 1 - j0));
      hide(row, row + (<usize>from << 2));
      hide(row + (<usize>to << 2), row + (<usize>cols << 2));
    }
    if (p.querySegments) {
      const id = load<i32>(segmentIds(p, b, i0 + r));
      const ids = keySegmentIds(p, b, j0);
      for (let c = 0; c < cols; c++) {
        if (load<i32>(ids + (<usize>c << 2)) != id) store<f32>(row + (<usize>c << 2), -Infinity);
      }
    }
    if (p.mask) maskRow(p, row, denseRow(p, b, h, i0 + r, j0), cols);
  }
}

function maskRow(p: Request, row: usize, from: usize, cols: i32): void {
  let c = 0;
  if (p.maskKey == 1) {
    for (; c + 4 <= cols; c += 4) {
      const bytes = v128.load32_zero(from + <usize>c);
      const wide = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(bytes));
      const masked = i32x4.eq(wide, i32x4.splat(0));
      const at = row + (<usize>c << 2);
      v128.store(at, v128.bitselect(f32x4.splat(-Infinity), v128.load(at), masked));
    }
  }
  for (; c < cols; c++) {
    if (!load<u8>(from + <usize>c * <usize>p.maskKey)) store<f32>(row + (<usize>c << 2), -Infinity);
  }
}

function denseRow(p: Request, b: i32, h: i32, i: i32, j: i32): usize {
  return (
    p.mask +
    <usize>b * <usize>p.maskBatch +
    <usize>h * <usize>p.maskHead +
    <usize>i * <usize>p.maskQuery +
    <usize>j * <usize>p.maskKey
  );
}

function segmentIds(p: Request, b: i32, i: i32): usize {
  return p.querySegments + ((<usize>(b * p.queries + i)) << 2);
}

function keySegmentIds(p: Request, b: i32, j: i32): usize {
  return p.keySegments + ((<usize>(b * p.keys + j)) << 2);
}

/** SKIP when no id occurs on both sides, FULL when one id is all there is, else PARTIAL (also when that isn't sure). */
function compareRanges(query: usize, rows: i32, key: usize, cols: i32): i32 {
  let queryLow = load<i32>(query);
  let queryHigh = queryLow;
  for (let r = 1; r < rows; r++) {
    const id = load<i32>(query + (<usize>r << 2));
    queryLow = min(queryLow, id);
    queryHigh = max(queryHigh, id);
  }
  let keyLow = load<i32>(key);
  let keyHigh = keyLow;
  for (let c = 1; c < cols; c++) {
    const id = load<i32>(key + (<usize>c << 2));
    keyLow = min(keyLow, id);
    keyHigh = max(keyHigh, id);
  }
  if (queryHigh < keyLow || keyHigh < queryLow) return SKIP;
  return queryLow == queryHigh && keyLow == keyHigh ? FULL : PARTIAL;
}
