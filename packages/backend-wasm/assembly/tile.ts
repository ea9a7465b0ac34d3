import { Request } from './request';

/**
 * Scores exist in tiles of ROWS queries × COLS keys: with D = 64, the tile and a panel of packed keys or values stay in the
 * first-level cache, and 36 rows are enough to pay for loading the panel.
 */
export const ROWS: i32 = 36;
export const COLS: i32 = 128;
/** Bytes of a tile's row. */
export const TILE_ROW: usize = 512;
export const TILE: usize = 36 * 512;

/** No position of the tile takes part; all do; some do. */
export const SKIP: i32 = 0;
export const FULL: i32 = 1;
export const PARTIAL: i32 = 2;

/** Marks of a block of keys and values. */
export const PACKED: u8 = 1;
export const KEY_NOT_FINITE: u8 = 2;
export const VALUE_NOT_FINITE: u8 = 4;

// @ts-ignore: decorator
@inline
export function up4(n: i32): i32 {
  return (n + 3) & ~3;
}

// @ts-ignore: decorator
@inline
export function up8(n: i32): i32 {
  return (n + 7) & ~7;
}

/** Writes 0 to the vectors from `at` up to `end`: so few that a call of the engine's `memory.fill` would take longer. */
// @ts-ignore: decorator
@inline
export function clear(at: usize, end: usize): void {
  for (; at < end; at += 16) v128.store(at, f32x4.splat(0));
}

/** Writes −∞, the score of what takes no part, to the floats from `at` up to `end`. */
export function hide(at: usize, end: usize): void {
  for (; at + 16 <= end; at += 16) v128.store(at, f32x4.splat(-Infinity));
  for (; at < end; at += 4) store<f32>(at, -Infinity);
}

/** Width of a row of queries and keys in scratch. */
export function paddedWidth(p: Request): i32 {
  return p.additive ? up4(p.width) : up8(p.width);
}

/** Scratch is handed out from a block of the caller's. 64 bits, so that what doesn't fit is seen and not wrapped around. */
let cursor: u64 = 0;

export function openScratch(base: usize): void {
  cursor = base;
}

export function take(bytes: u64): usize {
  const at = cursor;
  cursor += (bytes + 63) & ~63;
  return <usize>at;
}

export function scratchEnd(): f64 {
  return <f64>cursor;
}
