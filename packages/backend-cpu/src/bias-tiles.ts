import type { BiasParts } from '@heed/core';
import { broadcastStrides } from './mask-tiles.js';
import { LEFT, rowStart } from './tile.js';

/** A bias seen tile by tile, and the sums of its gradient. */
export class BiasTiles {
  /** Whether a tile may come to hold −∞ or NaN, so that it has to be worked on position by position. */
  readonly unbounded: boolean;
  /** Whether there is anything to add. */
  readonly present: boolean;
  readonly #parts: BiasParts;
  readonly #dense: Float32Array | undefined;
  readonly #table: Float32Array | undefined;
  readonly #strides: readonly [number, number, number, number];

  constructor(parts: BiasParts, dense: Float32Array | undefined, table: Float32Array | undefined) {
    this.#parts = parts;
    this.#dense = dense;
    this.#table = table;
    this.#strides = broadcastStrides(parts.dense ?? [1, 1, 1, 1]);
    this.unbounded = dense !== undefined || table !== undefined;
    this.present = this.unbounded || parts.alibi !== undefined;
  }

  /** Adds the bias of queries [i0, i0 + rows) and keys [j0, j0 + cols) to a tile of scores. */
  add(tile: Float64Array, b: number, h: number, i0: number, rows: number, j0: number, cols: number): void {
    const { alibi, relative } = this.#parts;
    if (this.#dense !== undefined) {
      const [sb, sh, si, sj] = this.#strides;
      for (let r = 0; r < rows; r++) {
        let from = b * sb + h * sh + (i0 + r) * si + j0 * sj;
        let at = rowStart(r);
        for (let c = 0; c < cols; c++, at += LEFT, from += sj) addTo(tile, at, this.#dense[from]);
      }
    }
    if (alibi !== undefined) {
      const slope = alibi.slopes[h];
      for (let r = 0; r < rows; r++) {
        let distance = j0 - (i0 + r) - alibi.offsets[b];
        let at = rowStart(r);
        for (let c = 0; c < cols; c++, at += LEFT, distance++) tile[at] -= slope * Math.abs(distance);
      }
    }
    if (relative !== undefined && this.#table !== undefined) {
      const { reach } = relative;
      const middle = tableMiddle(relative, h);
      for (let r = 0; r < rows; r++) {
        let distance = j0 - (i0 + r) - relative.offsets[b];
        let at = rowStart(r);
        for (let c = 0; c < cols; c++, at += LEFT, distance++) {
          addTo(tile, at, this.#table[middle + Math.max(-reach, Math.min(reach, distance))]);
        }
      }
    }
  }

  /** Where the gradients of the bias and the table are summed up; the first is float64 only when it really sums. */
  gradients(positions: number): BiasGradients {
    const size = this.#dense?.length ?? 0;
    return {
      dense: size === positions ? new Float32Array(size) : new Float64Array(size),
      table: new Float64Array(this.#table?.length ?? 0),
    };
  }

  /** Sums a tile of score gradients, 0 where masked, over the positions that read the same entry. */
  reduce(
    tile: Float64Array,
    b: number,
    h: number,
    i0: number,
    rows: number,
    j0: number,
    cols: number,
    into: BiasGradients,
  ): void {
    const { relative } = this.#parts;
    if (this.#dense !== undefined) {
      const [sb, sh, si, sj] = this.#strides;
      for (let r = 0; r < rows; r++) {
        let to = b * sb + h * sh + (i0 + r) * si + j0 * sj;
        let at = rowStart(r);
        for (let c = 0; c < cols; c++, at += LEFT, to += sj) into.dense[to] += tile[at];
      }
    }
    if (relative !== undefined && this.#table !== undefined) {
      const { reach } = relative;
      const middle = tableMiddle(relative, h);
      for (let r = 0; r < rows; r++) {
        let distance = j0 - (i0 + r) - relative.offsets[b];
        let at = rowStart(r);
        for (let c = 0; c < cols; c++, at += LEFT, distance++) {
          into.table[middle + Math.max(-reach, Math.min(reach, distance))] += tile[at];
        }
      }
    }
  }
}

export interface BiasGradients {
  readonly dense: Float32Array | Float64Array;
  readonly table: Float64Array;
}

/** Where distance 0 sits in the table for head h. */
function tableMiddle({ heads, reach }: { heads: number; reach: number }, h: number): number {
  return (heads === 1 ? 0 : h * (2 * reach + 1)) + reach;
}

/** −∞ masks whatever the score is: NaN − ∞ would stay NaN. */
function addTo(tile: Float64Array, at: number, bias: number): void {
  tile[at] = bias === -Infinity ? -Infinity : tile[at] + bias;
}
