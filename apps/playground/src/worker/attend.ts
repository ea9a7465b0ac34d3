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
import { tokenVectors } from './vectors.js';

/** Attention of one sequence over another, with all that is on the way. */
export async function attend(problem: AttentionProblem): Promise<AttentionAnswer> {
  const mechanism = createMechanism(configOf(problem));
  try {
    applyEdits(mechanism.parameters, problem.edits);
    let call: Call | undefined;
    const tensors = tf.tidy(() => {
      const computed = compute(problem, mechanism);
      ({ call } = computed);
      return computed.tensors;
    });
    try {
      const { path, reasons } = explain(call!);
      return {
        query: await numbers(tensors.query),
        memory: await numbers(tensors.memory),
        scores: await numbers(tensors.scores),
        weights: await numbers(tensors.weights),
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
      });
    }
    const values = variable.dataSync<'float32'>().slice();
    values[index] = value;
    tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)));
  }
}

function compute(problem: AttentionProblem, { parameters }: AttentionMechanism) {
  const query = tokenVectors(problem.query, problem);
  const memory = tokenVectors(problem.memory, problem);
  const projections = project(problem, parameters, query, memory);
  const options = optionsOf(problem);
  const scores = scoresOf(projections, problem);
  const { call, weights, context } = weigh(projections, scores, problem, options);
  const [queries, keys] = [problem.query.length, problem.memory.length];
  return {
    call,
    tensors: {
      query,
      memory,
      scores: tf.reshape(scores, [-1, queries, keys]),
      weights: tf.reshape(weights, [-1, queries, keys]),
      context: outputOf(projections, context, queries),
    },
  };
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

/** e / temperature, soft capped; [1, H, Tq, Tk] or [1, Tq, Tk]. */
function scoresOf(projections: Projections, { temperature, softCap }: AttentionProblem): tf.Tensor {
  const raw =
    projections.op === 'dot'
      ? tf.mul(tf.matMul(projections.query, projections.key, false, true), projections.scale)
      : additiveScores(projections);
  const scores = tf.div(raw, temperature);
  return softCap === null ? scores : tf.mul(tf.tanh(tf.div(scores, softCap)), softCap);
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
