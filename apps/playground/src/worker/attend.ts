import { createMechanism, type AttentionMechanism } from '@heed/attention';
import {
  additiveAttention,
  both,
  causal,
  dotProductAttention,
  explain,
  HeedError,
  padding,
  slidingWindow,
  weightedContext,
  type Alignment,
  type Call,
  type Mask,
} from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';
import type { AttentionAnswer, AttentionProblem, Edit, Numbers } from '../engine/jobs.js';
import { project, type Projections } from './projections.js';
import { tokenVectors, unknownTokens } from './vectors.js';
import type { WordTable } from './words.js';

/**
 * Attention of one sequence over another, with all that is on the way.
 *
 * @param words needed where the problem has vectors of words
 */
export async function attend(problem: AttentionProblem, words?: WordTable): Promise<AttentionAnswer> {
  const mechanism = createMechanism(configOf(problem));
  try {
    applyEdits(mechanism.parameters, problem.edits);
    let call: Call | undefined;
    const tensors = tf.tidy(() => {
      const computed = compute(problem, mechanism, words);
      ({ call } = computed);
      return computed.tensors;
    });
    try {
      const { path, reasons } = explain(call!);
      return {
        query: await numbers(tensors.query),
        memory: await numbers(tensors.memory),
        unknown: unknownTokens(problem, words),
        scores: await numbers(tensors.scores),
        changed: await numbersOrNull(tensors.changed),
        allowed: await numbersOrNull(tensors.allowed),
        weights: await numbers(tensors.weights),
        kept: await numbersOrNull(tensors.kept),
        context: await numbers(tensors.context),
        parameters: await parametersOf(mechanism),
        path,
        reasons,
      };
    } finally {
      tf.dispose(tensors);
    }
  } finally {
    mechanism.dispose();
  }
}

export function configOf({ mechanism: kind, width, heads, seed }: AttentionProblem): object {
  switch (kind) {
    case 'dot':
    case 'scaledDotProduct':
      return { kind, width };
    case 'general':
      return { kind, queryWidth: width, memoryWidth: width, seed };
    case 'additive':
    case 'concat':
      return { kind, queryWidth: width, memoryWidth: width, units: width, seed };
    case 'multiHead':
      return { kind, queryWidth: width, memoryWidth: width, heads, seed };
  }
}

/**
 * Puts numbers in place of those from the seed.
 *
 * @throws HeedError INVALID_ARGUMENT for a parameter or index that isn't there
 */
export function applyEdits(parameters: Readonly<Record<string, tf.Variable>>, edits: readonly Edit[]): void {
  for (const { key, index, value } of edits) {
    const variable = Object.hasOwn(parameters, key) ? parameters[key] : undefined;
    if (variable === undefined || index >= variable.size) {
      throw new HeedError('INVALID_ARGUMENT', {
        message: `there is no number ${index} of a parameter ${JSON.stringify(key)}`,
        hint: 'the mechanism has other parameters: undo the changes',
        details: { parameter: key, index },
      });
    }
    const values = variable.dataSync<'float32'>().slice();
    values[index] = value;
    tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)));
  }
}

function compute(problem: AttentionProblem, { parameters }: AttentionMechanism, words: WordTable | undefined) {
  const query = tokenVectors(problem.query, problem.queryVectors, problem, words);
  const memory = tokenVectors(problem.memory, problem.memoryVectors, problem, words);
  const projections = project(problem, parameters, query, memory);
  const options = optionsOf(problem);
  const scores = scoresOf(projections);
  const changed = changedScores(scores, problem);
  const { call, weights, context } = weigh(projections, changed ?? scores, problem, options);
  const [queries, keys] = [problem.query.length, problem.memory.length];
  const byHead = (tensor: tf.Tensor): tf.Tensor => tf.reshape(tensor, [-1, queries, keys]);
  return {
    call,
    tensors: {
      query,
      memory,
      scores: byHead(scores),
      changed: changed && byHead(changed),
      allowed: options.mask && allowedBy(options.mask, queries, keys),
      weights: byHead(weights),
      kept: options.dropout && byHead(keptWeights(projections, changed ?? scores, problem, options)),
      context: outputOf(projections, context, queries),
    },
  };
}

/** Where scores that are all alike get a weight. */
function allowedBy(mask: Mask, queries: number, keys: number): tf.Tensor {
  const scores = tf.zeros<tf.Rank.R3>([1, queries, keys]);
  const { weights } = weightedContext(scores, tf.zeros<tf.Rank.R3>([1, keys, 1]), { mask, returnWeights: true });
  return tf.reshape(tf.cast(tf.greater(weights!, 0), 'float32'), [queries, keys]);
}

/** What the op makes of the weights by dropout: the context of values that are the identity's rows. */
function keptWeights(
  projections: Projections,
  scores: tf.Tensor,
  problem: AttentionProblem,
  options: ReturnType<typeof optionsOf>,
): tf.Tensor {
  const keys = problem.memory.length;
  const identity = tf.eye(keys);
  if (projections.op === 'additive') {
    return weigh({ ...projections, value: tf.expandDims<tf.Tensor3D>(identity, 0) }, scores, problem, options).context;
  }
  const heads = projections.value.shape[1];
  const value = tf.tile(tf.reshape<tf.Rank.R4>(identity, [1, 1, keys, keys]), [1, heads, 1, 1]);
  return weigh({ ...projections, value }, scores, problem, options).context;
}

function optionsOf({ query, memory, causal: isCausal, window, length, dropout }: AttentionProblem) {
  const alignment: Alignment = query.length === memory.length ? {} : { align: 'bottom-right' };
  const masks: Mask[] = [
    ...(isCausal ? [causal(alignment)] : []),
    ...(window ? [slidingWindow({ left: window[0], right: window[1], ...alignment })] : []),
    ...(length === null ? [] : [padding([Math.min(length, memory.length)])]),
  ];
  return {
    ...(masks.length > 0 && { mask: both(...masks) }),
    ...(dropout && { dropout }),
    returnWeights: true,
  } as const;
}

/** e, [1, H, Tq, Tk] or [1, Tq, Tk]. */
function scoresOf(projections: Projections): tf.Tensor {
  return projections.op === 'dot'
    ? tf.mul(tf.matMul(projections.query, projections.key, false, true), projections.scale)
    : additiveScores(projections);
}

/** ẽ: e / temperature, soft capped. */
function changedScores(scores: tf.Tensor, { temperature, softCap }: AttentionProblem): tf.Tensor | undefined {
  if (temperature === 1 && softCap === null) return undefined;
  const divided = tf.div(scores, temperature);
  return softCap === null ? divided : tf.mul(tf.tanh(tf.div(divided, softCap)), softCap);
}

/** vᵀ tanh(q_i + k_j). The [Tq, Tk, U] array in the middle is small here. */
function additiveScores({ query, key, vector }: Extract<Projections, { op: 'additive' }>): tf.Tensor {
  const sums = tf.add(tf.expandDims(query, 2), tf.expandDims(key, 1));
  return tf.sum(tf.mul(tf.tanh(sums), vector), -1);
}

/** In one op of core, the same that the mechanisms of the library use; a soft cap on additive scores takes the op for any scores. */
function weigh(
  projections: Projections,
  scores: tf.Tensor,
  { temperature, softCap }: AttentionProblem,
  options: ReturnType<typeof optionsOf>,
): { call: Call; weights: tf.Tensor; context: tf.Tensor } {
  if (projections.op === 'dot') {
    const { query, key, value, scale } = projections;
    const all = { ...options, scale: scale / temperature, ...(softCap !== null && { softCap }) };
    const { weights, context } = dotProductAttention(query, key, value, all);
    const call: Call = { op: 'dotProductAttention', query: like(query), key: like(key), value: like(value), ...all };
    return { call, weights: weights!, context };
  }
  const { query, key, value, vector } = projections;
  if (softCap === null) {
    const divided = tf.div<tf.Tensor1D>(vector, temperature);
    const { weights, context } = additiveAttention(query, key, divided, value, options);
    const shapes = { query: like(query), key: like(key), vector: like(vector), value: like(value) };
    return { call: { op: 'additiveAttention', ...shapes, ...options }, weights: weights!, context };
  }
  const { weights, context } = weightedContext(scores, value, options);
  return {
    call: { op: 'weightedContext', scores: like(scores), value: like(value), ...options },
    weights: weights!,
    context,
  };
}

const like = ({ shape, dtype }: tf.Tensor) => ({ shape: [...shape], dtype });

/** [Tq, C] */
function outputOf(projections: Projections, context: tf.Tensor, queries: number): tf.Tensor2D {
  if (projections.op === 'additive') return tf.reshape(context, [queries, -1]);
  const merged = tf.reshape<tf.Rank.R2>(tf.transpose(context, [0, 2, 1, 3]), [queries, -1]);
  const { output } = projections;
  return output === undefined ? merged : tf.add(tf.matMul(merged, output.kernel), output.bias);
}

async function numbers(tensor: tf.Tensor): Promise<Numbers> {
  return { shape: [...tensor.shape], data: await tensor.data<'float32'>() };
}

const numbersOrNull = async (tensor: tf.Tensor | null | undefined): Promise<Numbers | null> =>
  tensor ? numbers(tensor) : null;

export async function parametersOf({
  parameters,
}: {
  readonly parameters: Readonly<Record<string, tf.Variable>>;
}): Promise<AttentionAnswer['parameters']> {
  const read = Object.entries(parameters).map(async ([key, variable]) =>
    Object.assign(await numbers(variable), { key }),
  );
  return Promise.all(read);
}
