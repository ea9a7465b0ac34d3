import type { Round } from './arithmetic.js';

/** Operands of linear attention. Each query head reads the state of its group's key head. */
export interface Linear {
  readonly batch: number;
  readonly heads: number;
  readonly keyHeads: number;
  readonly queries: number;
  readonly keys: number;
  readonly width: number;
  readonly valueWidth: number;
  readonly scale: number;
  readonly query: ArrayLike<number>;
  readonly key: ArrayLike<number>;
  readonly value: ArrayLike<number>;
  readonly logDecay?: Broadcast | undefined;
  readonly beta?: Broadcast | undefined;
  readonly initialState?: ArrayLike<number> | undefined;
  readonly initialNormalizer?: ArrayLike<number> | undefined;
  readonly normalize: boolean;
  readonly bidirectional: boolean;
  /** Steps of a batch row. */
  readonly lengthOf: (b: number) => number;
}

/** Numbers [B, Hk, T(, D)] with axes that may have length 1. */
export interface Broadcast {
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
}

export interface LinearResults {
  /** [B, Hq, Tq, Dv] */
  readonly context: Float64Array;
  /** [B, Hk, D, Dv] */
  readonly state: Float64Array;
  /** [B, Hk, D] */
  readonly normalizer: Float64Array;
}

/** By input, each shaped as it. */
export type LinearOracleGradients = {
  readonly query: Float64Array;
  readonly key: Float64Array;
  readonly value: Float64Array;
  readonly logDecay?: Float64Array;
  readonly beta?: Float64Array;
  readonly initialState?: Float64Array;
  readonly initialNormalizer?: Float64Array;
};

/** Step by step, as the formulas say: the state decays, is corrected and written to, and is read. */
export function linear(operands: Linear, round: Round): LinearResults {
  const { batch, heads, keyHeads, queries, width, valueWidth } = operands;
  const context = new Float64Array(batch * heads * queries * valueWidth);
  const state = new Float64Array(batch * keyHeads * width * valueWidth);
  const normalizer = new Float64Array(batch * keyHeads * width);
  forEachHead(operands, (head) => {
    const memories = remember(operands, head, round);
    forEachRead(operands, head, (row, t) => {
      context.set(read(operands, row, memories[t], round).quotient, row * valueWidth);
    });
    const last = memories.at(-1)!;
    state.set(last.state, head.at * width * valueWidth);
    normalizer.set(last.normalizer, head.at * width);
  });
  return { context, state, normalizer };
}

/** Gradients of Σ output∘cotangent by input; those of the decays and strengths in the shapes that they have. */
export function linearBackward(
  operands: Linear,
  cotangents: { readonly [Name in keyof LinearResults]?: ArrayLike<number> | undefined },
  round: Round,
): LinearOracleGradients {
  const { batch, heads, keyHeads, queries, keys, width, valueWidth, logDecay, beta } = operands;
  const stateSize = width * valueWidth;
  const gradients = {
    query: new Float64Array(batch * heads * queries * width),
    key: new Float64Array(batch * keyHeads * keys * width),
    value: new Float64Array(batch * keyHeads * keys * valueWidth),
    ...(logDecay && { logDecay: new Float64Array(logDecay.values.length) }),
    ...(beta && { beta: new Float64Array(beta.values.length) }),
    ...(operands.initialState && { initialState: new Float64Array(batch * keyHeads * stateSize) }),
    ...(operands.initialNormalizer && { initialNormalizer: new Float64Array(batch * keyHeads * width) }),
  };
  const add = (to: Float64Array, n: number, x: number): void => {
    to[n] = round(to[n] + x);
  };
  forEachHead(operands, (head) => {
    const memories = remember(operands, head, round);
    const dState = Float64Array.from({ length: stateSize }, (_, n) => cotangents.state?.[head.at * stateSize + n] ?? 0);
    const dNormalizer = Float64Array.from(
      { length: width },
      (_, d) => cotangents.normalizer?.[head.at * width + d] ?? 0,
    );
    const unread = (t: number): void =>
      forEachRead(operands, head, (row, at) => {
        if (at !== t) return;
        readBackward(
          operands,
          row,
          memories[t],
          cotangents.context,
          { dState, dNormalizer, dQuery: gradients.query },
          round,
        );
      });
    for (let t = memories.length - 1; t > 0; t--) {
      unread(t);
      unwrite(t);
    }
    unread(0);
    gradients.initialState?.set(dState, head.at * stateSize);
    gradients.initialNormalizer?.set(dNormalizer, head.at * width);

    /** Back over the step that made the t-th memory, counted from 1. */
    function unwrite(t: number): void {
      const { decayed, written, rest } = memories[t];
      const before = memories[t - 1];
      const step = head.at * keys + t - 1;
      const dRead = new Float64Array(valueWidth); // the gradient in Gᵀ k
      for (let v = 0; v < valueWidth; v++) {
        let dWritten = 0;
        for (let d = 0; d < width; d++)
          dWritten = round(dWritten + round(operands.key[step * width + d] * dState[d * valueWidth + v]));
        let dValue = dWritten;
        if (beta) {
          const n = indexIn(beta.shape, head.b, head.h, t - 1, 0);
          add(gradients.beta!, n, round(dWritten * rest[v]));
          dValue = round(dWritten * beta.values[n]);
          dRead[v] = -dValue;
        }
        gradients.value[step * valueWidth + v] = dValue;
      }
      for (let d = 0; d < width; d++) {
        const k = operands.key[step * width + d];
        const decay = decayOf(operands, head, t - 1, d, round);
        let dKey = operands.normalize ? dNormalizer[d] : 0;
        let dLog = round(round(dNormalizer[d] * decay) * before.normalizer[d]);
        for (let v = 0; v < valueWidth; v++) {
          const n = d * valueWidth + v;
          dKey = round(dKey + round(dState[n] * written[v]));
          dKey = round(dKey + round(decayed[n] * dRead[v]));
          const dDecayed = round(dState[n] + round(k * dRead[v]));
          dLog = round(dLog + round(round(dDecayed * decay) * before.state[n]));
          dState[n] = round(dDecayed * decay);
        }
        dNormalizer[d] = round(dNormalizer[d] * decay);
        gradients.key[step * width + d] = dKey;
        if (logDecay) add(gradients.logDecay!, indexIn(logDecay.shape, head.b, head.h, t - 1, d), dLog);
      }
    }
  });
  return gradients;
}

interface Head {
  readonly b: number;
  readonly h: number;
  /** b·Hk + h */
  readonly at: number;
}

interface Memory {
  /** [D, Dv] */
  readonly state: Float64Array;
  /** [D]; zeros unless contexts are normalised. */
  readonly normalizer: Float64Array;
  /** The state before what the step wrote, [D, Dv]. */
  readonly decayed: Float64Array;
  /** u, [Dv]. */
  readonly written: Float64Array;
  /** v − Gᵀ k, [Dv]; with the delta rule. */
  readonly rest: Float64Array;
}

function forEachHead({ batch, keyHeads }: Linear, visit: (head: Head) => void): void {
  for (let b = 0; b < batch; b++) for (let h = 0; h < keyHeads; h++) visit({ b, h, at: b * keyHeads + h });
}

/** Calls with each row of queries that reads the head's memory, and the number of steps that it reads after. */
function forEachRead(operands: Linear, { b, h }: Head, visit: (row: number, t: number) => void): void {
  const { heads, keyHeads, queries, bidirectional, lengthOf } = operands;
  const group = heads / keyHeads;
  for (let q = h * group; q < (h + 1) * group; q++) {
    for (let i = 0; i < queries; i++) {
      if (bidirectional) visit((b * heads + q) * queries + i, lengthOf(b));
      else if (i < lengthOf(b)) visit((b * heads + q) * queries + i, i + 1);
    }
  }
}

/** The memory before the first step and after each one within the row's length. */
function remember(operands: Linear, head: Head, round: Round): Memory[] {
  const { keys, width, valueWidth, key, value, beta, normalize, initialState, initialNormalizer } = operands;
  const size = width * valueWidth;
  const none = new Float64Array(0);
  const memories: Memory[] = [
    {
      state: Float64Array.from({ length: size }, (_, n) => initialState?.[head.at * size + n] ?? 0),
      normalizer: Float64Array.from({ length: width }, (_, d) => initialNormalizer?.[head.at * width + d] ?? 0),
      decayed: none,
      written: none,
      rest: none,
    },
  ];
  for (let t = 0; t < operands.lengthOf(head.b); t++) {
    const before = memories.at(-1)!;
    const step = head.at * keys + t;
    const decays = Array.from({ length: width }, (_, d) => decayOf(operands, head, t, d, round));
    const decayed = before.state.map((x, n) => round(x * decays[Math.floor(n / valueWidth)]));
    const rest = new Float64Array(valueWidth);
    const written = Float64Array.from({ length: valueWidth }, (_, v) => {
      const given = value[step * valueWidth + v];
      if (!beta) return given;
      let retrieved = 0;
      for (let d = 0; d < width; d++)
        retrieved = round(retrieved + round(decayed[d * valueWidth + v] * key[step * width + d]));
      rest[v] = round(given - retrieved);
      return round(beta.values[indexIn(beta.shape, head.b, head.h, t, 0)] * rest[v]);
    });
    const state = decayed.map((x, n) =>
      round(x + round(key[step * width + Math.floor(n / valueWidth)] * written[n % valueWidth])),
    );
    const normalizer = before.normalizer.map((x, d) =>
      normalize ? round(round(x * decays[d]) + key[step * width + d]) : 0,
    );
    memories.push({ state, normalizer, decayed, written, rest });
  }
  return memories;
}

function decayOf({ logDecay }: Linear, { b, h }: Head, t: number, d: number, round: Round): number {
  return logDecay ? round(Math.exp(logDecay.values[indexIn(logDecay.shape, b, h, t, d)])) : 1;
}

/** Index of an element of numbers with axes B, Hk, T, D, any of which may have length 1, and the last of which may be missing. */
function indexIn(shape: readonly number[], ...place: readonly number[]): number {
  return shape.reduce((index, length, axis) => index * length + (length === 1 ? 0 : place[axis]), 0);
}

interface Read {
  readonly quotient: Float64Array;
  /** Σ q·z; 1 where contexts aren't normalised. */
  readonly denominator: number;
}

function read(operands: Linear, row: number, { state, normalizer }: Memory, round: Round): Read {
  const { width, valueWidth, query, scale, normalize } = operands;
  let denominator = 0;
  for (let d = 0; d < width; d++) denominator = round(denominator + round(query[row * width + d] * normalizer[d]));
  const quotient = new Float64Array(valueWidth);
  for (let v = 0; v < valueWidth; v++) {
    let sum = 0;
    for (let d = 0; d < width; d++)
      sum = round(sum + round(round(query[row * width + d] * scale) * state[d * valueWidth + v]));
    quotient[v] = normalize ? (denominator === 0 ? 0 : round(sum / denominator)) : sum;
  }
  return { quotient, denominator: normalize ? denominator : 1 };
}

function readBackward(
  operands: Linear,
  row: number,
  memory: Memory,
  dContext: ArrayLike<number> | undefined,
  { dState, dNormalizer, dQuery }: { dState: Float64Array; dNormalizer: Float64Array; dQuery: Float64Array },
  round: Round,
): void {
  const { width, valueWidth, query, scale } = operands;
  const { quotient, denominator } = read(operands, row, memory, round);
  if (denominator === 0) return;
  const dSum = Array.from(quotient, (_, v) => round((dContext?.[row * valueWidth + v] ?? 0) / denominator));
  let dDenominator = 0;
  if (operands.normalize)
    for (const [v, d] of dSum.entries()) dDenominator = round(dDenominator - round(d * quotient[v]));
  for (let d = 0; d < width; d++) {
    const q = query[row * width + d];
    let dSingle = round(dDenominator * memory.normalizer[d]);
    for (let v = 0; v < valueWidth; v++) {
      const n = d * valueWidth + v;
      dSingle = round(dSingle + round(round(dSum[v] * scale) * memory.state[n]));
      dState[n] = round(dState[n] + round(round(q * scale) * dSum[v]));
    }
    dQuery[row * width + d] = dSingle;
    dNormalizer[d] = round(dNormalizer[d] + round(dDenominator * q));
  }
}
