import type { WeightedContextRequest } from '@heed/core';
import { DropoutRows } from './dropout.js';
import { MaskTiles } from './mask-tiles.js';
import { normalizers, type Normalize } from './normalizers.js';
import { LEFT, ROWS, laneStart } from './tile.js';
import type { Workspace } from './workspace.js';

export interface WeightedArrays {
  readonly scores: Float32Array;
  readonly value: Float32Array;
  readonly mask?: Uint8Array;
}

/**
 * A block of query rows over all keys, for normalisers that need a whole row at once. Strips hold the block as panels of
 * [ROWS, Tk]: element (r, j) sits at `laneStart(r, stride) + LEFT·j`.
 */
export class WeightedRows {
  readonly mask: MaskTiles;
  /** Distance between the panels of a strip. */
  readonly stride: number;
  /** Weights before dropout of the last row that was normalised, and the keys they belong to. */
  readonly weights: Float64Array;
  readonly positions: Int32Array;
  /** Strip of the block's weights after dropout. */
  readonly dropped: Float64Array;
  /** Strip of 1 where a position takes part. */
  readonly allow: Uint8Array;
  /** Dropout factors of the last row, 1 without dropout. */
  readonly factors: Float64Array;
  readonly #request: WeightedContextRequest;
  readonly #scores: Float32Array;
  readonly #normalize: Normalize;
  readonly #dropout: DropoutRows | undefined;
  readonly #allowRow: Uint8Array;

  constructor(request: WeightedContextRequest, arrays: WeightedArrays, workspace: Workspace) {
    const { keys } = request;
    this.#request = request;
    this.#scores = arrays.scores;
    this.#normalize = normalizers[request.normalizer].forward;
    this.#dropout = request.dropout === null ? undefined : new DropoutRows(request.dropout);
    this.mask = new MaskTiles(request.mask, request, arrays.mask);
    this.stride = keys * LEFT;
    this.weights = workspace.floats('rowWeights', keys);
    this.positions = new Int32Array(keys);
    this.dropped = workspace.floats('droppedStrip', ROWS * keys);
    this.allow = new Uint8Array(ROWS * keys);
    this.factors = workspace.floats('rowFactors', keys).fill(1);
    this.#allowRow = new Uint8Array(keys);
  }

  /** Starts a block of query rows. */
  begin(): void {
    this.dropped.fill(0, 0, ROWS * this.#request.keys);
    this.allow.fill(0);
  }

  /**
   * Normalises query row `i`, which is row `r` of the block, and enters it in the strips.
   *
   * @returns how many positions take part: the first that many of `weights` and `positions`
   */
  normalize(b: number, h: number, i: number, r: number): number {
    const { heads, queries, keys } = this.#request;
    const row = (b * heads + h) * queries + i;
    if (this.mask.allowRow(b, h, i, this.#allowRow) === 0) return 0;
    let count = 0;
    for (let j = 0; j < keys; j++) {
      const score = this.#scores[row * keys + j];
      if (this.#allowRow[j] === 0 || score === -Infinity) continue;
      this.positions[count] = j;
      this.weights[count] = score;
      count++;
    }
    if (count === 0) return 0;
    this.#normalize(this.weights, count);
    if (this.#dropout !== undefined) this.#dropout.fill(row * keys, keys, this.factors, 0, 1);
    const start = laneStart(r, this.stride);
    for (let c = 0; c < count; c++) {
      const j = this.positions[c];
      this.dropped[start + j * LEFT] = this.weights[c] * this.factors[j];
      this.allow[start + j * LEFT] = 1;
    }
    return count;
  }
}
