import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { select } from '../../composed/shared.js';
import { decaysOf, logDecayGradient, lower, strictlyLower, type Decays } from './decays.js';
import { inverseOfUnitLower } from './triangular.js';

/**
 * C steps at once, from the state S before them:
 *
 *   S_i = diag(a_i) S_{i−1} + k_i u_iᵀ,   context_i = S_iᵀ q_i,   a_i = exp(g_i),
 *
 * u_i = v_i, or by the delta rule β_i (v_i − (diag(a_i) S_{i−1})ᵀ k_i). With R_ij what is left at step i of what step j wrote, and P_i of S,
 *
 *   context = (q∘P) S + A u, A_ij = Σ_d q_id R_ijd k_jd for j ≤ i;   (I + β∘K) u = β∘(v − (k∘P) S), K_ij = Σ_d k_id R_ijd k_jd for j < i.
 *
 * M is B·Hk, and G the number of query heads that read one state.
 *
 * @see Yang et al. 2023, arXiv:2312.06635, §4 (gates); Yang et al. 2024, arXiv:2406.06484, §3 (delta rule), arXiv:2412.06464 (both)
 */
export interface Chunk {
  /** With the scale. [M, G, C, D] */
  readonly query: Tensor;
  /** [M, C, D] */
  readonly key: Tensor;
  /** [M, C, Dv] */
  readonly value: Tensor;
  /** [M, C, D or 1] */
  readonly logDecay?: Tensor;
  /** [M, C, 1] */
  readonly beta?: Tensor;
}

export type ChunkGradients = { readonly [Name in keyof Chunk]: Chunk[Name] };

/** Contexts [M, G, C, Dv], and the state after the chunk [M, D, Dv]. */
export function readChunk(chunk: Chunk, state: Tensor): { context: Tensor; next: Tensor } {
  const { query } = chunk;
  const decays = chunk.logDecay && decaysOf(chunk.logDecay);
  const { written } = writes(chunk, decays, state);
  const scores = scoresOf(query, chunk.key, decays, false);
  const context = tf.add(products(fromStart(query, decays), state), products(scores, written));
  return { context, next: after(chunk, decays, state, written) };
}

/** The state after the chunk alone. */
export function passChunk(chunk: Chunk, state: Tensor): Tensor {
  const decays = chunk.logDecay && decaysOf(chunk.logDecay);
  return after(chunk, decays, state, writes(chunk, decays, state).written);
}

/** From the gradients in the contexts and in the state after the chunk to those in all that went in. */
export function chunkBackward(
  chunk: Chunk,
  state: Tensor,
  dContext: Tensor,
  dNext: Tensor,
): { gradients: ChunkGradients; dState: Tensor } {
  const { query, key, beta } = chunk;
  const decays = chunk.logDecay && decaysOf(chunk.logDecay);
  const { written, inverse, rest, kept } = writes(chunk, decays, state);
  const decayedQuery = fromStart(query, decays);
  const decayedKey = decays === undefined ? key : tf.mul(key, decays.toEnd);

  const scores = scoresOf(query, key, decays, false);
  const dWritten = tf.add(outer(scores, dContext), tf.matMul(decayedKey, dNext));
  const dScores = select(flat(lower(key.shape[1]!)), products(dContext, written, true), 0);
  const dDecayedQuery = products(dContext, state, true);
  const dDecayedKey = tf.matMul(written, dNext, false, true);
  let dState: Tensor = tf.add(
    outer(decayedQuery, dContext),
    decays === undefined ? dNext : tf.mul(decays.whole, dNext),
  );

  const reading = scoresBackward(query, key, decays, dScores, scores);
  const dQuery = tf.add(reading.dLeft, decays === undefined ? dDecayedQuery : fromStart(dDecayedQuery, decays));
  const throughEnd = decays === undefined ? dDecayedKey : tf.mul(dDecayedKey, decays.toEnd);
  let dKey: Tensor = tf.add(reading.dKey, throughEnd);
  let dValue: Tensor = dWritten;
  let dBeta: Tensor | undefined;
  let logs: Decays | undefined =
    decays === undefined
      ? undefined
      : {
          between: reading.dLog!,
          fromStart: tf.sum(along(tf.mul(dDecayedQuery, decayedQuery), decays), 1),
          toEnd: along(tf.mul(dDecayedKey, decayedKey), decays),
          whole: tf.sum(alongRows(tf.mul(tf.mul(decays.whole, state), dNext), decays), 2, true),
        };

  if (beta !== undefined) {
    const { retrieving, overlaps } = kept!;
    const dRight = tf.matMul(inverse!, dWritten, true);
    const dSystem = tf.mul(tf.matMul(dRight, written, false, true), -1);
    const dOverlaps = select(flat(strictlyLower(key.shape[1]!)), tf.mul(beta, dSystem), 0);
    dBeta = tf.add(tf.sum(tf.mul(dSystem, overlaps), -1, true), tf.sum(tf.mul(dRight, rest!), -1, true));
    dValue = tf.mul(beta, dRight);
    const dRetrieving = tf.mul(tf.matMul(dValue, state, false, true), -1);
    dState = tf.sub(dState, tf.matMul(retrieving, dValue, true));
    const single = tf.expandDims(key, 1);
    const system = scoresBackward(single, key, decays, tf.expandDims(dOverlaps, 1), tf.expandDims(overlaps, 1));
    const throughStart = decays === undefined ? dRetrieving : tf.mul(dRetrieving, decays.fromStart);
    dKey = tf.addN([dKey, tf.squeeze(system.dLeft, [1]), system.dKey, throughStart]);
    if (decays !== undefined) {
      logs = {
        ...logs!,
        between: tf.add(logs!.between, system.dLog!),
        fromStart: tf.add(logs!.fromStart, along(tf.mul(dRetrieving, retrieving), decays)),
      };
    }
  }
  return {
    gradients: {
      query: dQuery,
      key: dKey,
      value: dValue,
      ...(logs && { logDecay: logDecayGradient(logs) }),
      ...(dBeta && { beta: dBeta }),
    },
    dState,
  };
}

interface Writes {
  /** u, [M, C, Dv] */
  readonly written: Tensor;
  /** The rest with the delta rule alone. (I + β∘K)⁻¹, [M, C, C]. */
  readonly inverse?: Tensor;
  /** v − (k∘P) S, [M, C, Dv]. */
  readonly rest?: Tensor;
  /** k∘P [M, C, D], and K [M, C, C]. */
  readonly kept?: { readonly retrieving: Tensor; readonly overlaps: Tensor };
}

function writes({ key, value, beta }: Chunk, decays: Decays | undefined, state: Tensor): Writes {
  if (beta === undefined) return { written: value };
  const retrieving = decays === undefined ? key : tf.mul(key, decays.fromStart);
  const overlaps = tf.squeeze(scoresOf(tf.expandDims(key, 1), key, decays, true), [1]);
  const inverse = inverseOfUnitLower(tf.mul(beta, overlaps));
  const rest = tf.sub(value, tf.matMul(retrieving, state));
  return { written: tf.matMul(inverse, tf.mul(beta, rest)), inverse, rest, kept: { retrieving, overlaps } };
}

/** diag(P_C) S + Σ_j (k_j∘R_Cj) u_jᵀ: [M, D, Dv]. */
function after({ key }: Chunk, decays: Decays | undefined, state: Tensor, written: Tensor): Tensor {
  if (decays === undefined) return tf.add(state, tf.matMul(key, written, true));
  return tf.add(tf.mul(decays.whole, state), tf.matMul(tf.mul(key, decays.toEnd), written, true));
}

/** Σ_d left_id R_ijd key_jd for j ≤ i, or j < i, else 0: [M, G, C, C]. */
function scoresOf(left: Tensor, key: Tensor, decays: Decays | undefined, strict: boolean): Tensor {
  const steps = key.shape[1]!;
  const open = flat((strict ? strictlyLower : lower)(steps));
  if (decays !== undefined && isPerWidth(decays)) {
    return select(open, tf.sum(tf.mul(decayedLeft(left, decays), keysOf(key)), -1), 0);
  }
  const dots = products(left, key, true);
  return select(open, decays === undefined ? dots : tf.mul(dots, sharedBetween(decays)), 0);
}

/** The gradients in left, key and log R, [M, C, C, D or 1], of scores that are 0 outside the triangle, as their gradient is. */
function scoresBackward(
  left: Tensor,
  key: Tensor,
  decays: Decays | undefined,
  dScores: Tensor,
  scores: Tensor,
): { dLeft: Tensor; dKey: Tensor; dLog?: Tensor } {
  if (decays === undefined) return { dLeft: products(dScores, key), dKey: outer(dScores, left) };
  if (!isPerWidth(decays)) {
    const decayed = tf.mul(dScores, sharedBetween(decays));
    const dLog = tf.expandDims(tf.sum(tf.mul(dScores, scores), 1), -1);
    return { dLeft: products(decayed, key), dKey: outer(decayed, left), dLog };
  }
  const d = tf.expandDims(dScores, -1); // [M, G, C, C, 1]
  const byKey = tf.mul(d, decayedLeft(left, decays)); // [M, G, C, C, D]
  const dLeft = tf.sum(tf.mul(d, tf.mul(tf.expandDims(decays.between, 1), keysOf(key))), 3);
  return {
    dLeft,
    dKey: tf.sum(byKey, [1, 2]),
    dLog: tf.sum(tf.mul(byKey, keysOf(key)), 1),
  };
}

const isPerWidth = ({ between }: Decays): boolean => between.shape[3] !== 1;

/** R of a decay that all of a head share: [M, 1, C, C]. */
const sharedBetween = ({ between }: Decays): Tensor => tf.expandDims(tf.squeeze(between, [3]), 1);

/** left_id R_ijd: [M, G, C, C, D]. */
const decayedLeft = (left: Tensor, { between }: Decays): Tensor =>
  tf.mul(tf.expandDims(left, 3), tf.expandDims(between, 1));

/** [M, 1, 1, C, D] */
const keysOf = (key: Tensor): Tensor => tf.expandDims(tf.expandDims(key, 1), 1);

/** x∘P: [M, G, C, D]. */
const fromStart = (x: Tensor, decays: Decays | undefined): Tensor =>
  decays === undefined ? x : tf.mul(x, tf.expandDims(decays.fromStart, 1));

/** Summed over D where all of a head share a decay. */
const along = (x: Tensor, decays: Decays): Tensor => (isPerWidth(decays) ? x : tf.sum(x, -1, true));

/** The same of what has the axes of a state, [M, D, Dv]. */
const alongRows = (x: Tensor, decays: Decays): Tensor => (isPerWidth(decays) ? x : tf.sum(x, 1, true));

const flat = (triangle: Tensor): Tensor => tf.squeeze(triangle, [2]);

/** [M, G, X, Y] · [M, Y, Z], or [M, Z, Y]ᵀ → [M, G, X, Z]. */
function products(left: Tensor, right: Tensor, transposeRight = false): Tensor {
  const [rows, groups, length, inner] = left.shape as [number, number, number, number];
  const product = tf.matMul(tf.reshape(left, [rows, groups * length, inner]), right, false, transposeRight);
  return tf.reshape(product, [rows, groups, length, right.shape[transposeRight ? 1 : 2]!]);
}

/** Σ over a group of leftᵀ · right: [M, G, X, Y], [M, G, X, Z] → [M, Y, Z]. */
function outer(left: Tensor, right: Tensor): Tensor {
  const folded = (x: Tensor): Tensor => {
    const [rows, groups, length, inner] = x.shape as [number, number, number, number];
    return tf.reshape(x, [rows, groups * length, inner]);
  };
  return tf.matMul(folded(left), folded(right), true);
}
