import type { MaskParts } from '@heed/core';
import type { HookMask } from './hook-mask.js';
import { FULL, PARTIAL, SKIP, type TileKind } from './tile-kind.js';
import { COLS, LEFT, ROWS, rowStart } from './tile.js';

/** The axes a mask needs to know. */
interface Axes {
  readonly queries: number;
  readonly keys: number;
}

/**
 * A mask seen tile by tile. Band, lengths and segments decide about a whole tile by its corners and ranges; only tiles
 * that an edge runs through are looked at position by position, and a dense mask always is.
 */
export class MaskTiles {
  /** After `classify` returned PARTIAL or after `allowAll`: 1 where the position takes part, in the layout of a tile. */
  readonly allow = new Uint8Array(ROWS * COLS);
  readonly #parts: MaskParts;
  readonly #axes: Axes;
  readonly #dense: Uint8Array | undefined;
  readonly #denseStrides: readonly [number, number, number, number];
  readonly #hook: HookMask | undefined;

  constructor(parts: MaskParts, axes: Axes, dense: Uint8Array | undefined, hook?: HookMask) {
    this.#hook = hook;
    this.#parts = parts;
    this.#axes = axes;
    this.#dense = dense;
    this.#denseStrides = broadcastStrides(parts.dense ?? [1, 1, 1, 1]);
  }

  /** No query of batch row b attends to a key from here on. */
  keyLimit(b: number): number {
    return this.keyEnd(b, 0, this.#axes.queries);
  }

  /** The first key that a query of [i0, i0 + rows) may attend to, as far as the band tells. */
  keyStart(b: number, i0: number): number {
    const band = this.#parts.band;
    return band === undefined ? 0 : Math.max(0, i0 + band.lower[b]);
  }

  /** One past the last key that a query of [i0, i0 + rows) may attend to, as far as band and lengths tell. */
  keyEnd(b: number, i0: number, rows: number): number {
    const { band, lengths } = this.#parts;
    let end = this.#axes.keys;
    if (lengths !== undefined) end = Math.min(end, lengths[b]);
    if (band !== undefined) end = Math.min(end, i0 + rows + band.upper[b]);
    return Math.max(0, end);
  }

  /** What the mask does to queries [i0, i0 + rows) and keys [j0, j0 + cols), which end at `keyEnd` or before. */
  classify(b: number, h: number, i0: number, rows: number, j0: number, cols: number): TileKind {
    const { band, segments } = this.#parts;
    let kind: TileKind = FULL;
    if (band !== undefined) {
      const smallest = j0 - (i0 + rows - 1);
      const largest = j0 + cols - 1 - i0;
      if (largest < band.lower[b] || smallest > band.upper[b]) return SKIP;
      if (smallest < band.lower[b] || largest > band.upper[b]) kind = PARTIAL;
    }
    if (segments !== undefined) {
      const met = compareRanges(
        segments.query,
        b * this.#axes.queries + i0,
        rows,
        segments.key,
        b * this.#axes.keys + j0,
        cols,
      );
      if (met === SKIP) return SKIP;
      if (met === PARTIAL) kind = PARTIAL;
    }
    const hooked = this.#hook?.classify(b, h, i0, rows, j0, cols) ?? FULL;
    if (hooked === SKIP) return SKIP;
    if (kind === FULL && hooked === FULL && this.#dense === undefined) return FULL;
    let allowed = this.#fill(b, h, i0, rows, j0, cols);
    if (hooked === PARTIAL && allowed > 0) allowed = this.#hook!.restrict(this.allow, b, h, i0, rows, j0, cols);
    return allowed === 0 ? SKIP : allowed === rows * cols ? FULL : PARTIAL;
  }

  /** For a FULL tile that still has to be worked on position by position. */
  allowAll(): void {
    this.allow.fill(1);
  }

  /** Takes positions with a score of −∞ out of `allow`. */
  takeOut(tile: Float64Array, rows: number, cols: number): void {
    for (let r = 0; r < rows; r++) {
      let at = rowStart(r);
      for (let c = 0; c < cols; c++, at += LEFT) if (tile[at] === -Infinity) this.allow[at] = 0;
    }
  }

  /** One query's row of the mask: writes 1 or 0 to out[0 … keys) and returns how many are 1. */
  allowRow(b: number, h: number, i: number, out: Uint8Array): number {
    const { keys } = this.#axes;
    out.fill(0, 0, keys);
    const end = this.keyEnd(b, i, 1);
    let count = 0;
    for (let j = this.keyStart(b, i); j < end; j++) {
      if (this.#allows(b, h, i, j)) {
        out[j] = 1;
        count++;
      }
    }
    return count;
  }

  #fill(b: number, h: number, i0: number, rows: number, j0: number, cols: number): number {
    let count = 0;
    this.allow.fill(0);
    for (let r = 0; r < rows; r++) {
      const i = i0 + r;
      const first = Math.max(j0, this.keyStart(b, i));
      const end = Math.min(j0 + cols, this.keyEnd(b, i, 1));
      let at = rowStart(r) + (first - j0) * LEFT;
      for (let j = first; j < end; j++, at += LEFT) {
        if (this.#allows(b, h, i, j)) {
          this.allow[at] = 1;
          count++;
        }
      }
    }
    return count;
  }

  /** Segments and the dense mask; band and lengths are in the ranges already. */
  #allows(b: number, h: number, i: number, j: number): boolean {
    const { segments } = this.#parts;
    if (segments !== undefined) {
      if (segments.query[b * this.#axes.queries + i] !== segments.key[b * this.#axes.keys + j]) return false;
    }
    if (this.#dense === undefined) return true;
    const [sb, sh, si, sj] = this.#denseStrides;
    return this.#dense[b * sb + h * sh + i * si + j * sj] !== 0;
  }
}

/** Row-major strides of [B, H, Tq, Tk], 0 along axes of length 1. */
export function broadcastStrides(shape: readonly [number, number, number, number]): [number, number, number, number] {
  const strides: [number, number, number, number] = [0, 0, 0, 0];
  let size = 1;
  for (let axis = 3; axis >= 0; axis--) {
    strides[axis] = shape[axis] === 1 ? 0 : size;
    size *= shape[axis];
  }
  return strides;
}

/** SKIP when no id occurs on both sides, FULL when one id is all there is, else PARTIAL (also when that isn't sure). */
function compareRanges(
  query: Int32Array,
  queryStart: number,
  rows: number,
  key: Int32Array,
  keyStart: number,
  cols: number,
): TileKind {
  let queryLow = query[queryStart];
  let queryHigh = queryLow;
  for (let r = 1; r < rows; r++) {
    const id = query[queryStart + r];
    if (id < queryLow) queryLow = id;
    if (id > queryHigh) queryHigh = id;
  }
  let keyLow = key[keyStart];
  let keyHigh = keyLow;
  for (let c = 1; c < cols; c++) {
    const id = key[keyStart + c];
    if (id < keyLow) keyLow = id;
    if (id > keyHigh) keyHigh = id;
  }
  if (queryHigh < keyLow || keyHigh < queryLow) return SKIP;
  return queryLow === queryHigh && keyLow === keyHigh ? FULL : PARTIAL;
}
