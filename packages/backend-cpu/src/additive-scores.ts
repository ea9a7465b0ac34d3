import type { AdditiveAttentionRequest } from '@heed/core';
import { exp } from './exp.js';
import { MaskTiles } from './mask-tiles.js';
import { TileHooks } from './tile-hooks.js';
import { FULL, PARTIAL, SKIP, type TileKind } from './tile-kind.js';
import { tanh } from './tanh.js';
import { asFloats } from './tile-loops.js';
import { LEFT, ROWS, TILE_STRIDE, leftPanels, rowStart } from './tile.js';
import type { Workspace } from './workspace.js';

export interface AdditiveArrays {
  readonly query: Float32Array;
  readonly key: Float32Array;
  readonly vector: Float32Array;
  readonly value: Float32Array;
  readonly mask?: Uint8Array;
  readonly captures?: Float32Array;
}

/**
 * Tiles of Σ_u v_u·tanh(q_iu + k_ju), without a tanh: with Q = e^2q and K = e^2k, found once per query and per key,
 * tanh(q + k) = 1 − 2/(1 + Q·K), and one division serves four keys. Q and K carry a relative error of a few 2⁻⁵³ and the
 * slope of 2/(1 + x) in log x is at most ½, so the absolute error against tanh is below 1e-15.
 *
 * Queries and keys with an element beyond ±WIDE, or NaN, go pair by pair through tanh itself; and so do all where v is so large
 * that 1e-15 of it would show.
 */
export class AdditiveScores {
  readonly mask: MaskTiles;
  readonly hooks: TileHooks;
  readonly units: number;
  /** v, in float64. */
  readonly vector: Float64Array;
  /** Q of the block's queries, [ROWS, U] in rows. */
  readonly queryPowers: Float64Array;
  /** K of the batch row's keys, [keys, U] with FOUR keys side by side. */
  readonly keyPowers: Float64Array;
  readonly #request: AdditiveAttentionRequest;
  readonly #arrays: AdditiveArrays;
  readonly #vectorSum: number;
  readonly #vectorIsLarge: boolean;
  readonly #wideQueries = new Uint8Array(ROWS);
  /** One for each four keys. */
  readonly #wideKeys: Uint8Array;
  #batch = 0;
  #i0 = 0;
  #rows = 0;

  constructor(
    request: AdditiveAttentionRequest,
    arrays: AdditiveArrays,
    workspace: Workspace,
    wantsGradients: boolean,
  ) {
    const { keys, units } = request;
    this.#request = request;
    this.#arrays = arrays;
    this.units = units;
    this.hooks = new TileHooks(request, arrays.captures, workspace, wantsGradients);
    this.mask = new MaskTiles(request.mask, request, arrays.mask, this.hooks.mask);
    this.vector = Float64Array.from(arrays.vector);
    this.#vectorSum = this.vector.reduce((sum, v) => sum + v, 0);
    this.#vectorIsLarge = !(this.vector.reduce((sum, v) => sum + Math.abs(v), 0) <= LARGEST_VECTOR);
    this.queryPowers = workspace.floats('queryPowers', ROWS * units);
    this.keyPowers = workspace.floats('keyPowers', wholeFours(keys) * units);
    this.#wideKeys = new Uint8Array(wholeFours(keys) / FOUR);
  }

  /** Takes the first `keys` keys of batch row `b`. */
  useKeys(b: number, keys: number): void {
    const { units } = this.#request;
    const base = b * this.#request.keys * units;
    this.#wideKeys.fill(0);
    this.keyPowers.fill(1, (keys & -FOUR) * units, wholeFours(keys) * units);
    for (let j = 0; j < keys; j++) {
      const to = keyStart(j, units);
      if (powers(this.#arrays.key, base + j * units, units, this.keyPowers, to, FOUR)) this.#wideKeys[j >> 2] = 1;
    }
  }

  /** Takes queries [i0, i0 + rows). */
  useQueries(b: number, i0: number, rows: number): void {
    const { queries, units } = this.#request;
    this.#batch = b;
    this.#i0 = i0;
    this.#rows = rows;
    for (let r = 0; r < rows; r++) {
      const from = (b * queries + i0 + r) * units;
      this.#wideQueries[r] = powers(this.#arrays.query, from, units, this.queryPowers, r * units, 1) ? 1 : 0;
    }
  }

  /** Whether query r of the block and the four keys from j on need the slow form; j is a multiple of 4. */
  isWide(r: number, j: number): boolean {
    return this.#vectorIsLarge || this.#wideQueries[r] !== 0 || this.#wideKeys[j >> 2] !== 0;
  }

  /**
   * Scores of the block's queries with keys [j0, j0 + cols); j0 is a multiple of 4.
   *
   * @returns PARTIAL when `mask.allow` has to be asked about each position; others may then hold anything
   */
  compute(tile: Float64Array, j0: number, cols: number): TileKind {
    const rows = this.#rows;
    const kind = this.mask.classify(this.#batch, 0, this.#i0, rows, j0, cols);
    if (kind === SKIP) return SKIP;
    const { units } = this;
    let anyWide = false;
    for (let c = 0; c < cols; c += FOUR) {
      for (let r = 0; r < rows; r++) {
        const at = rowStart(r) + c * LEFT;
        if (this.isWide(r, j0 + c)) {
          anyWide = true;
          const end = Math.min(c + FOUR, cols);
          for (let lane = c; lane < end; lane++) tile[at + (lane - c) * LEFT] = this.#widePair(r, j0 + lane);
        } else {
          fourScores(
            this.queryPowers,
            r * units,
            this.keyPowers,
            (j0 + c) * units,
            this.vector,
            this.#vectorSum,
            tile,
            at,
          );
        }
      }
    }
    if (this.#vectorIsLarge) asFloats(tile, leftPanels(rows) * TILE_STRIDE);
    if (kind === FULL && anyWide) this.mask.allowAll();
    if (!this.hooks.present) return anyWide ? PARTIAL : kind;
    const finite = this.hooks.change(tile, [this.#batch, 0, this.#i0, rows, j0, cols]);
    if (!finite) asFloats(tile, leftPanels(rows) * TILE_STRIDE);
    if (kind === FULL && !anyWide && !finite) this.mask.allowAll();
    return anyWide || !finite ? PARTIAL : kind;
  }

  /** Takes the gradients in the last tile of scores back to before the hook. */
  pullBack(dScores: Float64Array, j0: number, cols: number): void {
    this.hooks.pullBack(dScores, [this.#batch, 0, this.#i0, this.#rows, j0, cols]);
  }

  /** q_iu + k_ju for unit u of query r of the block and key j. */
  argument(r: number, j: number, u: number): number {
    const { queries, keys, units } = this.#request;
    const query = this.#arrays.query[(this.#batch * queries + this.#i0 + r) * units + u];
    return query + this.#arrays.key[(this.#batch * keys + j) * units + u];
  }

  #widePair(r: number, j: number): number {
    let sum = 0;
    for (let u = 0; u < this.units; u++) {
      sum += this.vector[u] * tanh(this.argument(r, j, u));
    }
    return sum;
  }
}

/** The product of four denominators 1 + Q·K, each up to 1 + e^(4·WIDE), stays below 1e278. */
const WIDE = 40;

/** Σ|v| up to which scores are off by no more than 1e-9. */
const LARGEST_VECTOR = 2 ** 20;

/** Keys that share a division. */
export const FOUR = 4;

export function wholeFours(n: number): number {
  return (n + FOUR - 1) & -FOUR;
}

/** Where key j begins in `keyPowers`; its units are FOUR apart. */
export function keyStart(j: number, units: number): number {
  return (j >> 2) * units * FOUR + (j & 3);
}

/** Writes e^2x of one row; returns whether an element is too large for that (1 is written) or NaN. */
function powers(
  data: Float32Array,
  start: number,
  units: number,
  out: Float64Array,
  outStart: number,
  step: number,
): boolean {
  let wide = false;
  for (let u = 0, o = outStart; u < units; u++, o += step) {
    const x = data[start + u];
    if (Math.abs(x) <= WIDE) {
      out[o] = exp(2 * x);
    } else {
      out[o] = 1;
      wide = true;
    }
  }
  return wide;
}

function fourScores(
  query: Float64Array,
  qi: number,
  key: Float64Array,
  ki: number,
  vector: Float64Array,
  vectorSum: number,
  tile: Float64Array,
  at: number,
): void {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  for (let u = 0; u < vector.length; u++, qi++, ki += FOUR) {
    const q = query[qi];
    const d0 = 1 + q * key[ki];
    const d1 = 1 + q * key[ki + 1];
    const d2 = 1 + q * key[ki + 2];
    const d3 = 1 + q * key[ki + 3];
    const d01 = d0 * d1;
    const d23 = d2 * d3;
    const w = vector[u] / (d01 * d23);
    const w01 = w * d23;
    const w23 = w * d01;
    s0 += w01 * d1;
    s1 += w01 * d0;
    s2 += w23 * d3;
    s3 += w23 * d2;
  }
  tile[at] = vectorSum - 2 * s0;
  tile[at + LEFT] = vectorSum - 2 * s1;
  tile[at + 2 * LEFT] = vectorSum - 2 * s2;
  tile[at + 3 * LEFT] = vectorSum - 2 * s3;
}
