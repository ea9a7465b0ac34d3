import type { DotProductAttentionRequest } from '@heed/core';
import { BiasTiles } from './bias-tiles.js';
import { multiplyAdd } from './gemm.js';
import { tanh, tanhSlope } from './tanh.js';
import { asFloats } from './tile-loops.js';
import { FULL, MaskTiles, PARTIAL, SKIP, type TileKind } from './mask-tiles.js';
import { packLeft, packRight } from './panels.js';
import { COLS, LEFT, RIGHT, ROWS, TILE_STRIDE, leftPanels, paddedColumns, rightPanels } from './tile.js';
import type { Workspace } from './workspace.js';

export interface DotProductArrays {
  readonly query: Float32Array;
  readonly key: Float32Array;
  readonly value: Float32Array;
  readonly mask?: Uint8Array;
  readonly bias?: Float32Array;
  readonly table?: Float32Array;
}

/** Tiles of cap(q·kᵀ·scale) + bias, for one block of query rows after another. */
export class DotProductScores {
  readonly mask: MaskTiles;
  readonly bias: BiasTiles;
  /** Rows of the block's queries times scale, [ROWS, D]; and whether they are finite. */
  readonly queryRows: Float64Array;
  queryFinite = true;
  /** The derivative of the soft cap at each position of the last tile. */
  readonly slopes: Float64Array | undefined;
  readonly #request: DotProductAttentionRequest;
  readonly #arrays: DotProductArrays;
  readonly #keyRows: Float64Array;
  readonly #keyFinite: boolean[] = [];
  #batch = 0;
  #head = 0;
  #i0 = 0;
  #rows = 0;

  constructor(
    request: DotProductAttentionRequest,
    arrays: DotProductArrays,
    workspace: Workspace,
    wantsSlopes: boolean,
  ) {
    const { keys, width, softCap } = request;
    this.#request = request;
    this.#arrays = arrays;
    this.mask = new MaskTiles(request.mask, request, arrays.mask);
    this.bias = new BiasTiles(request.bias, arrays.bias, arrays.table);
    this.queryRows = workspace.floats('queryRows', ROWS * width);
    this.#keyRows = workspace.floats('keyRows', paddedColumns(keys) * width);
    this.slopes = wantsSlopes && softCap !== null ? workspace.floats('slopes', ROWS * COLS) : undefined;
  }

  /** Takes the first `keys` keys of key head `keyHead` of batch row `b`. */
  useKeys(b: number, keyHead: number, keys: number): void {
    const { keyHeads, keys: allKeys, width } = this.#request;
    const base = (b * keyHeads + keyHead) * allKeys * width;
    for (let j0 = 0; j0 < keys; j0 += COLS) {
      const view = { data: this.#arrays.key, start: base + j0 * width, laneStride: width, depthStride: 1 };
      const lanes = Math.min(COLS, keys - j0);
      this.#keyFinite[j0 / COLS] = packRight(view, lanes, width, 1, this.#keyRows, j0 * width, width * RIGHT);
    }
  }

  /** Takes queries [i0, i0 + rows) of head `h`. */
  useQueries(b: number, h: number, i0: number, rows: number): void {
    const { heads, queries, width, scale } = this.#request;
    const start = ((b * heads + h) * queries + i0) * width;
    const view = { data: this.#arrays.query, start, laneStride: width, depthStride: 1 };
    this.queryFinite = packLeft(view, rows, width, scale, this.queryRows, 0, width * LEFT);
    this.#batch = b;
    this.#head = h;
    this.#i0 = i0;
    this.#rows = rows;
  }

  /**
   * Scores of the block's queries with keys [j0, j0 + cols); j0 is a multiple of COLS.
   *
   * @returns PARTIAL when `mask.allow` has to be asked about each position; others may then hold anything
   */
  compute(tile: Float64Array, j0: number, cols: number): TileKind {
    const b = this.#batch;
    const h = this.#head;
    const i0 = this.#i0;
    const rows = this.#rows;
    const kind = this.mask.classify(b, h, i0, rows, j0, cols);
    if (kind === SKIP) return SKIP;

    const { width, softCap } = this.#request;
    const rowPanels = leftPanels(rows);
    tile.fill(0, 0, rowPanels * TILE_STRIDE);
    multiplyAdd(
      { data: this.queryRows, start: 0, stride: width * LEFT, count: rowPanels },
      { data: this.#keyRows, start: j0 * width, stride: width * RIGHT, count: rightPanels(cols) },
      width,
      { data: tile, start: 0, stride: TILE_STRIDE },
    );
    if (softCap !== null) capTile(tile, this.slopes, rowPanels * TILE_STRIDE, softCap);
    if (this.bias.present) this.bias.add(tile, b, h, i0, rows, j0, cols);
    const moderate = this.queryFinite && this.#keyFinite[j0 / COLS];
    if (!moderate || this.bias.present) asFloats(tile, rowPanels * TILE_STRIDE);
    if (kind === PARTIAL) return PARTIAL;
    if (!this.bias.unbounded && moderate) return FULL;
    this.mask.allowAll();
    return PARTIAL;
  }
}

/** score ← cap·tanh(score / cap), and 1 − tanh² to `slopes`. */
function capTile(tile: Float64Array, slopes: Float64Array | undefined, size: number, cap: number): void {
  for (let at = 0; at < size; at++) {
    const x = tile[at] / cap;
    tile[at] = cap * tanh(x);
    if (slopes !== undefined) slopes[at] = tanhSlope(x);
  }
}
