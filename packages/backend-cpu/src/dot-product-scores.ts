import type { DotProductAttentionRequest } from '@heed/core';
import { BiasTiles } from './bias-tiles.js';
import { scoresInPlace } from './few-queries.js';
import { multiplyAdd } from './gemm.js';
import { tanh, tanhSlope } from './tanh.js';
import { asFloats } from './tile-loops.js';
import { MaskTiles } from './mask-tiles.js';
import { FULL, PARTIAL, SKIP, type TileKind } from './tile-kind.js';
import { packLeft, packRight, type MatrixView } from './panels.js';
import { COLS, LEFT, RIGHT, ROWS, TILE_STRIDE, leftPanels, paddedColumns, rightPanels } from './tile.js';
import { TileHooks } from './tile-hooks.js';
import type { Workspace } from './workspace.js';

export interface DotProductArrays {
  readonly query: Float32Array;
  readonly key: Float32Array;
  readonly value: Float32Array;
  readonly mask?: Uint8Array;
  readonly bias?: Float32Array;
  readonly table?: Float32Array;
  readonly captures?: Float32Array;
}

/** Tiles of hook(cap(q·kᵀ·scale) + bias), for one block of query rows after another. */
export class DotProductScores {
  readonly mask: MaskTiles;
  readonly bias: BiasTiles;
  readonly hooks: TileHooks;
  /** Rows of the block's queries times scale, [ROWS, D]; and whether they are finite. */
  readonly queryRows: Float64Array;
  queryFinite = true;
  /** The derivative of the soft cap at each position of the last tile. */
  readonly slopes: Float64Array | undefined;
  readonly #request: DotProductAttentionRequest;
  readonly #arrays: DotProductArrays;
  /** Keys in panels; undefined where they are read in place, from `#keyStart` on. */
  readonly #keyRows: Float64Array | undefined;
  readonly #keyFinite: boolean[] = [];
  #keyStart = 0;
  #batch = 0;
  #head = 0;
  #i0 = 0;
  #rows = 0;

  constructor(
    request: DotProductAttentionRequest,
    arrays: DotProductArrays,
    workspace: Workspace,
    wantsGradients: boolean,
    keysInPlace = false,
  ) {
    const { keys, width, softCap } = request;
    this.#request = request;
    this.#arrays = arrays;
    this.hooks = new TileHooks(request, arrays.captures, workspace, wantsGradients);
    this.mask = new MaskTiles(request.mask, request, arrays.mask, this.hooks.mask);
    this.bias = new BiasTiles(request.bias, arrays.bias, arrays.table);
    this.queryRows = workspace.floats('queryRows', ROWS * width);
    this.#keyRows = keysInPlace ? undefined : workspace.floats('keyRows', paddedColumns(keys) * width);
    this.slopes = wantsGradients && softCap !== null ? workspace.floats('slopes', ROWS * COLS) : undefined;
  }

  /** Takes the first `keys` keys of key head `keyHead` of batch row `b`. */
  useKeys(b: number, keyHead: number, keys: number): void {
    const { keyHeads, keys: allKeys, width } = this.#request;
    this.#keyStart = (b * keyHeads + keyHead) * allKeys * width;
    if (this.#keyRows === undefined) return;
    for (let j0 = 0; j0 < keys; j0 += COLS) {
      const lanes = Math.min(COLS, keys - j0);
      this.#keyFinite[j0 / COLS] = packRight(
        this.#keysFrom(j0),
        lanes,
        width,
        1,
        this.#keyRows,
        j0 * width,
        width * RIGHT,
      );
    }
  }

  #keysFrom(j0: number): MatrixView {
    const { width } = this.#request;
    return { data: this.#arrays.key, start: this.#keyStart + j0 * width, laneStride: width, depthStride: 1 };
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

    const { softCap } = this.#request;
    const rowPanels = leftPanels(rows);
    const moderate = this.#multiply(tile, rows, j0, cols);
    if (softCap !== null) capTile(tile, this.slopes, rowPanels * TILE_STRIDE, softCap);
    if (this.bias.present) this.bias.add(tile, b, h, i0, rows, j0, cols);
    if (!moderate || this.bias.present) asFloats(tile, rowPanels * TILE_STRIDE);
    const unbounded = this.bias.unbounded || !moderate;
    if (kind === FULL && unbounded) this.mask.allowAll();
    if (!this.hooks.present) return unbounded ? PARTIAL : kind;

    // What a hook makes of a position that a bias of −∞ masks is masked all the same.
    if (this.bias.unbounded) this.mask.takeOut(tile, rows, cols);
    const finite = this.hooks.change(tile, [b, h, i0, rows, j0, cols]);
    if (!finite) asFloats(tile, rowPanels * TILE_STRIDE);
    if (kind === FULL && !unbounded && !finite) this.mask.allowAll();
    return unbounded || !finite ? PARTIAL : kind;
  }

  /** @returns whether no product is beyond float32 */
  #multiply(tile: Float64Array, rows: number, j0: number, cols: number): boolean {
    const { width } = this.#request;
    const rowPanels = leftPanels(rows);
    tile.fill(0, 0, rowPanels * TILE_STRIDE);
    if (this.#keyRows === undefined) {
      return scoresInPlace(this.queryRows, rows, this.#keysFrom(j0), cols, width, tile);
    }
    multiplyAdd(
      { data: this.queryRows, start: 0, stride: width * LEFT, count: rowPanels },
      { data: this.#keyRows, start: j0 * width, stride: width * RIGHT, count: rightPanels(cols) },
      width,
      { data: tile, start: 0, stride: TILE_STRIDE },
    );
    return this.queryFinite && this.#keyFinite[j0 / COLS];
  }

  /** Takes the gradients in the last tile of scores back to before the hook. */
  pullBack(dScores: Float64Array, j0: number, cols: number): void {
    this.hooks.pullBack(dScores, [this.#batch, this.#head, this.#i0, this.#rows, j0, cols]);
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
