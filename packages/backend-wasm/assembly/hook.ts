import { Request } from './request';
import { COLS, FULL, ROWS } from './tile';

/** Which of a request's hooks is meant: src/hooks/running.ts counts them likewise. */
export const SCORE: i32 = 0;
export const MASK: i32 = 1;
export const GRADIENT: i32 = 2;

/** Runs a hook of the request over queries [i0, i0 + rows) and keys [j0, j0 + cols) of a tile: a module of its own. */
// @ts-ignore: decorator
@external('env', 'hook')
export declare function hook(
  which: i32,
  request: usize,
  tile: usize,
  other: usize,
  b: i32,
  h: i32,
  i0: i32,
  rows: i32,
  j0: i32,
  cols: i32,
): void;

/**
 * What the mask hook does to a tile, as its bounds told before: SKIP, FULL, or PARTIAL plus how many strips of eight keys it has until
 * the rest of them is masked.
 */
export function hookKind(p: Request, b: i32, h: i32, i0: i32, j0: i32): i32 {
  if (!p.maskKinds) return FULL;
  const block = b * p.kindBatch + h * p.kindHead + (i0 / ROWS) * p.kindQuery + j0 / COLS;
  return load<u8>(p.maskKinds + <usize>block);
}
