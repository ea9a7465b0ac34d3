import type { LinearAttentionRequest } from '@heed/core';
import type { Workspace } from './workspace.js';

export interface LinearArrays {
  readonly query: Float32Array;
  readonly key: Float32Array;
  readonly value: Float32Array;
  readonly logDecay: Float32Array | undefined;
  readonly beta: Float32Array | undefined;
  readonly initialState: Float32Array | undefined;
  readonly initialNormalizer: Float32Array | undefined;
}

/**
 * The state of one key head on its way through the steps: [D, C] in float64, C = Dv, and one more where contexts are normalised, whose
 * column is the normaliser, as if values had a 1 beside them.
 */
export class LinearHead {
  /** C */
  readonly columns: number;
  /** D·C */
  readonly size: number;
  /** What the last step left of each row of the state, [D]. */
  readonly decays: Float64Array;
  /** u of the last step, [C]. */
  readonly written: Float64Array;
  readonly #arrays: LinearArrays;
  readonly #request: LinearAttentionRequest;
  readonly #decayStrides: Strides;
  readonly #betaStrides: Strides;
  #batch = 0;
  #head = 0;

  constructor(arrays: LinearArrays, request: LinearAttentionRequest, workspace: Workspace) {
    this.#arrays = arrays;
    this.#request = request;
    const { width, valueWidth, normalize } = request;
    this.columns = valueWidth + Number(normalize);
    this.size = width * this.columns;
    this.decays = workspace.floats('linearDecays', width);
    this.written = workspace.floats('linearWritten', this.columns);
    this.#decayStrides = stridesOf(request.logDecay ?? [1, 1, 1, 1]);
    this.#betaStrides = stridesOf([...(request.beta ?? [1, 1, 1]), 1]);
  }

  /** Goes to a key head. */
  enter(batch: number, head: number): void {
    this.#batch = batch;
    this.#head = head;
  }

  /** b·Hk + h */
  get at(): number {
    return this.#batch * this.#request.keyHeads + this.#head;
  }

  /** Steps within the row's length. */
  get steps(): number {
    return this.#request.lengths?.[this.#batch] ?? this.#request.keys;
  }

  /** Index of a step of the key head in an array [B, Hk, T, …], without its last axis. */
  step(t: number): number {
    return this.at * this.#request.keys + t;
  }

  /** Index of a decay of row d among the log decays. */
  decayAt(t: number, d: number): number {
    const [b, h, s, w] = this.#decayStrides;
    return this.#batch * b + this.#head * h + t * s + d * w;
  }

  betaAt(t: number): number {
    const [b, h, s] = this.#betaStrides;
    return this.#batch * b + this.#head * h + t * s;
  }

  /** Puts the state before the first step. */
  begin(state: Float64Array): void {
    const { initialState, initialNormalizer } = this.#arrays;
    const { width, valueWidth } = this.#request;
    const { columns, at } = this;
    state.fill(0, 0, this.size);
    for (let d = 0; d < width; d++) {
      const row = at * width + d;
      if (initialState)
        for (let c = 0; c < valueWidth; c++) state[d * columns + c] = initialState[row * valueWidth + c];
      if (initialNormalizer) state[d * columns + valueWidth] = initialNormalizer[row];
    }
  }

  /** One step: the state decays, is corrected by the delta rule, and written to. */
  advance(state: Float64Array, t: number): void {
    const { key, value, logDecay, beta } = this.#arrays;
    const { width, valueWidth } = this.#request;
    const { columns, decays, written } = this;
    const k = this.step(t) * width;
    const v = this.step(t) * valueWidth;
    for (let d = 0; d < width; d++) decays[d] = logDecay ? Math.exp(logDecay[this.decayAt(t, d)]) : 1;
    written.fill(1, valueWidth, columns);
    for (let c = 0; c < valueWidth; c++) written[c] = value[v + c];
    if (beta) {
      for (let d = 0, n = 0; d < width; d++) {
        const [decay, kd] = [decays[d], key[k + d]];
        for (let c = 0; c < columns; c++, n++) {
          state[n] *= decay;
          written[c] -= kd * state[n];
        }
      }
      const strength = beta[this.betaAt(t)];
      for (let c = 0; c < columns; c++) written[c] *= strength;
    }
    for (let d = 0, n = 0; d < width; d++) {
      const decay = beta ? 1 : decays[d];
      const kd = key[k + d];
      for (let c = 0; c < columns; c++, n++) state[n] = decay * state[n] + kd * written[c];
    }
  }

  /** Σ_d scale·q_d S_d of a row of queries: [C]. */
  read(state: Float64Array, row: number, into: Float64Array): void {
    const { width, scale } = this.#request;
    const { columns } = this;
    const { query } = this.#arrays;
    into.fill(0, 0, columns);
    for (let d = 0, n = 0; d < width; d++) {
      const q = query[row * width + d] * scale;
      for (let c = 0; c < columns; c++, n++) into[c] += q * state[n];
    }
  }
}

type Strides = readonly [number, number, number, number];

/** Strides of the axes B, Hk, T, D; 0 along those of length 1. */
function stridesOf([b, h, t, d]: readonly number[]): Strides {
  const along = (length: number, stride: number): number => (length === 1 ? 0 : stride);
  return [along(b, h * t * d), along(h, t * d), along(t, d), along(d, 1)];
}
