import type { HookParts } from '@heed/core';
import { HookMask } from './hook-mask.js';
import { HookRows } from './hook-rows.js';
import { COLS, ROWS } from './tile.js';
import type { Workspace } from './workspace.js';

/** First query, rows, first key and columns of a tile of a batch row's head. */
export type TilePlace = readonly [batch: number, head: number, i0: number, rows: number, j0: number, cols: number];

/** The hooks of a request, over tiles of scores. */
export class TileHooks {
  readonly mask: HookMask | undefined;
  /** Whether scores are changed. */
  readonly present: boolean;
  /** Sums of the gradients in the packed captures; undefined without any, or where gradients aren't wanted. */
  readonly dCaptures: Float64Array | undefined;
  readonly #forward: HookRows | undefined;
  readonly #backward: HookRows | undefined;
  /** The last tile of scores as it was before. */
  readonly #raw: Float64Array | undefined;

  constructor(
    request: HookParts & { readonly queries: number; readonly keys: number },
    captures: Float32Array | undefined,
    workspace: Workspace,
    wantsGradients: boolean,
  ) {
    const { scoreHook, maskHook } = request;
    this.mask = maskHook === null ? undefined : new HookMask(maskHook, captures, request);
    this.present = scoreHook !== null;
    this.dCaptures = wantsGradients && captures ? new Float64Array(captures.length) : undefined;
    if (scoreHook === null) return;
    this.#forward = new HookRows(scoreHook, captures, request);
    if (!wantsGradients) return;
    this.#backward = new HookRows(scoreHook, captures, request, this.dCaptures ?? new Float64Array(0));
    this.#raw = workspace.floats('rawScores', ROWS * COLS);
  }

  /** Changes a tile of scores; returns whether all of them are finite. */
  change(tile: Float64Array, place: TilePlace): boolean {
    if (this.#forward === undefined) return true;
    this.#raw?.set(tile);
    return this.#forward.run(tile, tile, place);
  }

  /** Takes the gradients in the last tile of scores, 0 where masked, back to what it was made of. */
  pullBack(dScores: Float64Array, place: TilePlace): void {
    if (this.#raw !== undefined) this.#backward?.run(this.#raw, dScores, place);
  }
}
