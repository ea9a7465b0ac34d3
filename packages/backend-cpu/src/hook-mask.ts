import { HookBounds, type HookPart } from '@heed/core';
import { HookRows } from './hook-rows.js';
import { FULL, PARTIAL, SKIP, type TileKind } from './tile-kind.js';
import { LEFT, ROWS, COLS, rowStart } from './tile.js';

/** A mask hook over tiles: the bounds of its formula decide about most of them. */
export class HookMask {
  readonly #bounds: HookBounds;
  readonly #rows: HookRows;
  readonly #open = new Float64Array(ROWS * COLS);

  constructor(part: HookPart, captures: Float32Array | undefined, lengths: { queries: number; keys: number }) {
    this.#bounds = new HookBounds(part, captures ?? [], lengths);
    this.#rows = new HookRows(part, captures, lengths);
  }

  /** What it does to a tile, as far as its bounds tell. */
  classify(b: number, h: number, i0: number, rows: number, j0: number, cols: number): TileKind {
    const { low, high } = this.#bounds.of({
      batch: b,
      head: h,
      query: [i0, i0 + rows - 1],
      key: [j0, j0 + cols - 1],
    });
    return high === 0 ? SKIP : low === 1 ? FULL : PARTIAL;
  }

  /** Takes positions out of `allow`; returns how many are left. */
  restrict(allow: Uint8Array, b: number, h: number, i0: number, rows: number, j0: number, cols: number): number {
    this.#rows.run(this.#open, this.#open, [b, h, i0, rows, j0, cols]);
    let count = 0;
    for (let r = 0; r < rows; r++) {
      let at = rowStart(r);
      for (let c = 0; c < cols; c++, at += LEFT) {
        allow[at] &= this.#open[at];
        count += allow[at];
      }
    }
    return count;
  }
}
