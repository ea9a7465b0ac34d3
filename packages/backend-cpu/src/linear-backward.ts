import type { LinearAttentionRequest } from '@heed/core';
import { LinearHead, type LinearArrays } from './linear-head.js';
import type { Workspace } from './workspace.js';

export interface LinearCotangentArrays {
  readonly dContext: Float32Array;
  readonly dState: Float32Array | undefined;
  readonly dNormalizer: Float32Array | undefined;
}

export type LinearGradientArrays = {
  readonly [Name in keyof LinearArrays as `d${Capitalize<Name>}`]: LinearArrays[Name];
};

// States that are held at once: that before every stretch of as many steps, and those of one stretch.
const STRETCH = 32;

/** Back over the steps, whose states are made again stretch by stretch. */
export function linearBackward(
  arrays: LinearArrays & LinearCotangentArrays,
  request: LinearAttentionRequest,
  workspace: Workspace,
): LinearGradientArrays {
  const { batch, heads, keyHeads, keys } = request;
  const head = new LinearHead(arrays, request, workspace);
  const gradients = new Gradients(arrays, request, head, workspace);
  const { size } = head;
  const starts = workspace.floats('linearStarts', (Math.ceil(keys / STRETCH) + 1) * size);
  const states = workspace.floats('linearStates', (STRETCH + 1) * size);
  const at = (array: Float64Array, n: number): Float64Array => array.subarray(n * size, (n + 1) * size);
  const group = heads / keyHeads;
  for (let b = 0; b < batch; b++) {
    for (let h = 0; h < keyHeads; h++) {
      head.enter(b, h);
      gradients.begin();
      const stretches = Math.ceil(head.steps / STRETCH);
      head.begin(at(starts, 0));
      for (let n = 0; n + 1 < stretches; n++) {
        at(starts, n + 1).set(at(starts, n));
        for (let t = n * STRETCH; t < (n + 1) * STRETCH; t++) head.advance(at(starts, n + 1), t);
      }
      for (let n = stretches - 1; n >= 0; n--) {
        const first = n * STRETCH;
        const count = Math.min(STRETCH, head.steps - first);
        at(states, 0).set(at(starts, n));
        for (let i = 0; i < count; i++) {
          at(states, i + 1).set(at(states, i));
          head.advance(at(states, i + 1), first + i);
        }
        for (let i = count - 1; i >= 0; i--) {
          for (let g = 0; g < group; g++)
            gradients.unread(at(states, i + 1), (b * heads + h * group + g) * keys + first + i);
          gradients.unwrite(at(states, i), first + i);
        }
      }
      gradients.end();
    }
  }
  return gradients.arrays();
}

/** Gradients of all inputs, and that in the state on its way back. */
class Gradients {
  readonly #inputs: LinearArrays & LinearCotangentArrays;
  readonly #request: LinearAttentionRequest;
  readonly #head: LinearHead;
  /** [D, C] */
  readonly #dState: Float64Array;
  readonly #read: Float64Array;
  readonly #dRead: Float64Array;
  readonly #dWritten: Float64Array;
  readonly #dQuery: Float32Array;
  readonly #dKey: Float32Array;
  readonly #dValue: Float32Array;
  /** In float64, since a decay or strength may be that of many steps. */
  readonly #dLogDecay: Float64Array | undefined;
  readonly #dBeta: Float64Array | undefined;
  readonly #dInitialState: Float32Array | undefined;
  readonly #dInitialNormalizer: Float32Array | undefined;

  constructor(
    inputs: LinearArrays & LinearCotangentArrays,
    request: LinearAttentionRequest,
    head: LinearHead,
    workspace: Workspace,
  ) {
    this.#inputs = inputs;
    this.#request = request;
    this.#head = head;
    this.#dState = workspace.floats('linearStateGradient', head.size);
    this.#read = workspace.floats('linearRead', head.columns);
    this.#dRead = workspace.floats('linearReadGradient', head.columns);
    this.#dWritten = workspace.floats('linearWrittenGradient', head.columns);
    this.#dQuery = new Float32Array(inputs.query.length);
    this.#dKey = new Float32Array(inputs.key.length);
    this.#dValue = new Float32Array(inputs.value.length);
    this.#dLogDecay = inputs.logDecay && new Float64Array(inputs.logDecay.length);
    this.#dBeta = inputs.beta && new Float64Array(inputs.beta.length);
    this.#dInitialState = inputs.initialState && new Float32Array(inputs.initialState.length);
    this.#dInitialNormalizer = inputs.initialNormalizer && new Float32Array(inputs.initialNormalizer.length);
  }

  /** Begins with the gradient in the state after the last step. */
  begin(): void {
    const { dState, dNormalizer } = this.#inputs;
    const { width, valueWidth } = this.#request;
    const { columns, at, size } = this.#head;
    this.#dState.fill(0, 0, size);
    for (let d = 0; d < width; d++) {
      const from = at * width + d;
      if (dState) for (let c = 0; c < valueWidth; c++) this.#dState[d * columns + c] = dState[from * valueWidth + c];
      if (dNormalizer) this.#dState[d * columns + valueWidth] = dNormalizer[from];
    }
  }

  /** Back through what a row of queries read of a state. */
  unread(state: Float64Array, row: number): void {
    const { width, valueWidth, scale, normalize } = this.#request;
    const { columns } = this.#head;
    const dRead = this.#dRead;
    const dContext = this.#inputs.dContext;
    for (let c = 0; c < valueWidth; c++) dRead[c] = dContext[row * valueWidth + c];
    if (normalize) {
      const read = this.#read;
      this.#head.read(state, row, read);
      const denominator = read[valueWidth];
      if (denominator === 0) return;
      let sum = 0;
      for (let c = 0; c < valueWidth; c++) {
        dRead[c] /= denominator;
        sum -= (dRead[c] * read[c]) / denominator;
      }
      dRead[valueWidth] = sum;
    }
    for (let d = 0, n = 0; d < width; d++) {
      const q = this.#inputs.query[row * width + d] * scale;
      let sum = 0;
      for (let c = 0; c < columns; c++, n++) {
        sum += dRead[c] * state[n];
        this.#dState[n] += q * dRead[c];
      }
      this.#dQuery[row * width + d] = sum * scale;
    }
  }

  /** Back over a step, given the state before it. */
  unwrite(before: Float64Array, t: number): void {
    const { key, value, logDecay, beta } = this.#inputs;
    const { width, valueWidth } = this.#request;
    const head = this.#head;
    const { columns } = head;
    const [dState, dWritten] = [this.#dState, this.#dWritten];
    const k = head.step(t) * width;
    const v = head.step(t) * valueWidth;
    const written = head.written;
    written.fill(1, valueWidth, columns);
    for (let c = 0; c < valueWidth; c++) written[c] = value[v + c];
    dWritten.fill(0, 0, columns);
    for (let d = 0, n = 0; d < width; d++) {
      const kd = key[k + d];
      const decay = logDecay ? Math.exp(logDecay[head.decayAt(t, d)]) : 1;
      head.decays[d] = decay;
      for (let c = 0; c < columns; c++, n++) {
        dWritten[c] += kd * dState[n];
        if (beta) written[c] -= kd * decay * before[n]; // v − Gᵀ k, until it is multiplied
      }
    }
    if (beta) {
      const strength = beta[head.betaAt(t)];
      let sum = 0;
      for (let c = 0; c < columns; c++) {
        sum += dWritten[c] * written[c];
        written[c] *= strength;
        dWritten[c] *= strength;
      }
      this.#dBeta![head.betaAt(t)] += sum;
    }
    for (let c = 0; c < valueWidth; c++) this.#dValue[v + c] = dWritten[c];
    for (let d = 0, n = 0; d < width; d++) {
      const [kd, decay] = [key[k + d], head.decays[d]];
      let [dKey, dLog] = [0, 0];
      for (let c = 0; c < columns; c++, n++) {
        const decayed = decay * before[n];
        dKey += dState[n] * written[c];
        let dDecayed = dState[n];
        if (beta) {
          dKey -= decayed * dWritten[c];
          dDecayed -= kd * dWritten[c];
        }
        dLog += dDecayed * decayed;
        dState[n] = dDecayed * decay;
      }
      this.#dKey[k + d] = dKey;
      if (this.#dLogDecay) this.#dLogDecay[head.decayAt(t, d)] += dLog;
    }
  }

  /** Ends with the gradient in the state before the first step. */
  end(): void {
    const { width, valueWidth } = this.#request;
    const { columns, at } = this.#head;
    const [dState, dNormalizer] = [this.#dInitialState, this.#dInitialNormalizer];
    for (let d = 0; d < width; d++) {
      const to = at * width + d;
      if (dState) for (let c = 0; c < valueWidth; c++) dState[to * valueWidth + c] = this.#dState[d * columns + c];
      if (dNormalizer) dNormalizer[to] = this.#dState[d * columns + valueWidth];
    }
  }

  arrays(): LinearGradientArrays {
    return {
      dQuery: this.#dQuery,
      dKey: this.#dKey,
      dValue: this.#dValue,
      dLogDecay: this.#dLogDecay && Float32Array.from(this.#dLogDecay),
      dBeta: this.#dBeta && Float32Array.from(this.#dBeta),
      dInitialState: this.#dInitialState,
      dInitialNormalizer: this.#dInitialNormalizer,
    };
  }
}
