import { FOUR, keyStart, wholeFours, type AdditiveScores } from './additive-scores.js';
import { exp } from './exp.js';
import { tanh } from './tanh.js';
import { LEFT, ROWS, rowStart } from './tile.js';
import type { Workspace } from './workspace.js';

/**
 * From score gradients to those of query, key and vector. With R = 1/(1 + Q·K), tanh = 1 − 2R and 1 − tanh² = 4·R·(Q·K·R),
 * so dq_iu = 4·v_u·Σ_j g_iju and dk_ju = 4·v_u·Σ_i g_iju with g = dS·R·(Q·K·R), and dv_u = Σ dS − 2·Σ dS·R, unless too
 * little is left of that: the factors that don't depend on the pair wait until the sums are done.
 */
export class AdditiveGradients {
  readonly #scores: AdditiveScores;
  readonly #query: Float64Array;
  readonly #key: Float64Array;
  /** Σ dS·tanh of each unit. */
  readonly #vector: Float64Array;
  /** Σ dS·R of each unit in the tile, Σ dS and Σ|dS|. */
  readonly #tile: Float64Array;
  #total = 0;
  #size = 0;
  #rows = 0;
  #keys = 0;

  constructor(scores: AdditiveScores, keys: number, workspace: Workspace) {
    const { units } = scores;
    this.#scores = scores;
    this.#query = workspace.floats('dQuery', ROWS * units);
    this.#key = workspace.floats('dKey', wholeFours(keys) * units);
    this.#vector = new Float64Array(units);
    this.#tile = new Float64Array(units);
  }

  useKeys(keys: number): void {
    this.#keys = keys;
    this.#key.fill(0, 0, wholeFours(keys) * this.#scores.units);
  }

  useQueries(rows: number): void {
    this.#rows = rows;
    this.#query.fill(0, 0, rows * this.#scores.units);
  }

  /** Adds a tile of score gradients of keys [j0, j0 + cols). */
  add(dScores: Float64Array, allow: Uint8Array | undefined, j0: number, cols: number): void {
    const { units, queryPowers, keyPowers } = this.#scores;
    this.#tile.fill(0);
    this.#total = 0;
    this.#size = 0;
    for (let c = 0; c < cols; c += FOUR) {
      const lanes = Math.min(FOUR, cols - c);
      for (let r = 0; r < this.#rows; r++) {
        const at = rowStart(r) + c * LEFT;
        if (this.#scores.isWide(r, j0 + c)) {
          for (let lane = 0; lane < lanes; lane++) {
            const position = at + lane * LEFT;
            if (allow === undefined || allow[position] !== 0) this.#addWidePair(r, j0 + c + lane, dScores[position]);
          }
          continue;
        }
        const d0 = dScores[at];
        const d1 = lanes > 1 ? dScores[at + LEFT] : 0;
        const d2 = lanes > 2 ? dScores[at + 2 * LEFT] : 0;
        const d3 = lanes > 3 ? dScores[at + 3 * LEFT] : 0;
        if (d0 === 0 && d1 === 0 && d2 === 0 && d3 === 0) continue;
        this.#total += d0 + d1 + d2 + d3;
        this.#size += Math.abs(d0) + Math.abs(d1) + Math.abs(d2) + Math.abs(d3);
        addFour(
          queryPowers,
          r * units,
          keyPowers,
          (j0 + c) * units,
          units,
          d0,
          d1,
          d2,
          d3,
          this.#query,
          this.#key,
          this.#tile,
        );
      }
    }
    for (let u = 0; u < units; u++) {
      const sum = this.#total - 2 * this.#tile[u];
      const cancelled = Math.abs(sum) < LARGEST_LOSS * this.#size;
      this.#vector[u] += cancelled ? this.#sumOfTangents(u, dScores, allow, j0, cols) : sum;
    }
  }

  /** Σ dS·tanh of a unit in the tile, without the loss of Σ dS − 2·Σ dS·R where tanh is small. */
  #sumOfTangents(u: number, dScores: Float64Array, allow: Uint8Array | undefined, j0: number, cols: number): number {
    let sum = 0;
    for (let r = 0; r < this.#rows; r++) {
      let at = rowStart(r);
      for (let c = 0; c < cols; c++, at += LEFT) {
        if (allow !== undefined && allow[at] === 0) continue;
        if (dScores[at] !== 0) sum += dScores[at] * tanh(this.#scores.argument(r, j0 + c, u));
      }
    }
    return sum;
  }

  finishQueries(out: Float32Array, start: number): void {
    const { units, vector } = this.#scores;
    for (let r = 0; r < this.#rows; r++) {
      for (let u = 0; u < units; u++) out[start + r * units + u] = 4 * vector[u] * this.#query[r * units + u];
    }
  }

  finishKeys(out: Float32Array, start: number): void {
    const { units, vector } = this.#scores;
    for (let j = 0; j < this.#keys; j++) {
      const from = keyStart(j, units);
      for (let u = 0; u < units; u++) out[start + j * units + u] = 4 * vector[u] * this.#key[from + u * FOUR];
    }
  }

  finishVector(out: Float32Array): void {
    out.set(this.#vector);
  }

  #addWidePair(r: number, j: number, d: number): void {
    const { units } = this.#scores;
    const key = keyStart(j, units);
    this.#total += d;
    this.#size += Math.abs(d);
    for (let u = 0; u < units; u++) {
      const x = this.#scores.argument(r, j, u);
      const e = exp(-2 * Math.abs(x));
      this.#tile[u] += (d * (x < 0 ? 1 : e)) / (1 + e);
      const g = (d * e) / ((1 + e) * (1 + e));
      this.#query[r * units + u] += g;
      this.#key[key + u * FOUR] += g;
    }
  }
}

/** Σ dS·tanh found by subtraction is off by less than 1e-15·Σ|dS|: a larger part of that is good to 1e-9. */
const LARGEST_LOSS = 1e-6;

/** Adds what one query and four keys give to the gradients. Arguments are numbers, since it is called for every four pairs. */
function addFour(
  query: Float64Array,
  qi: number,
  key: Float64Array,
  ki: number,
  units: number,
  d0: number,
  d1: number,
  d2: number,
  d3: number,
  dQuery: Float64Array,
  dKey: Float64Array,
  dVector: Float64Array,
): void {
  for (let u = 0; u < units; u++, qi++, ki += FOUR) {
    const q = query[qi];
    const e0 = q * key[ki];
    const e1 = q * key[ki + 1];
    const e2 = q * key[ki + 2];
    const e3 = q * key[ki + 3];
    const n0 = 1 + e0;
    const n1 = 1 + e1;
    const n2 = 1 + e2;
    const n3 = 1 + e3;
    const n01 = n0 * n1;
    const n23 = n2 * n3;
    const inverse = 1 / (n01 * n23);
    const i01 = inverse * n23;
    const i23 = inverse * n01;
    const r0 = i01 * n1;
    const r1 = i01 * n0;
    const r2 = i23 * n3;
    const r3 = i23 * n2;
    const h0 = d0 * r0;
    const h1 = d1 * r1;
    const h2 = d2 * r2;
    const h3 = d3 * r3;
    dVector[u] += h0 + h1 + (h2 + h3);
    const g0 = h0 * (e0 * r0);
    const g1 = h1 * (e1 * r1);
    const g2 = h2 * (e2 * r2);
    const g3 = h3 * (e3 * r3);
    dQuery[qi] += g0 + g1 + (g2 + g3);
    dKey[ki] += g0;
    dKey[ki + 1] += g1;
    dKey[ki + 2] += g2;
    dKey[ki + 3] += g3;
  }
}
