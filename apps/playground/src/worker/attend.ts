import { createMechanism, definitionOf, type AttentionMechanism } from '@heed/attention';
import {
  both,
  causal,
  HeedError,
  padding,
  slidingWindow,
  weightedContext,
  type Alignment,
  type Explanation,
  type Mask,
} from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';
import type { AttentionAnswer, AttentionSetup, Edit, Numbers } from '../engine/jobs.js';
import { tokenVectors, unknownTokens } from './vectors.js';
import type { WordTable } from './words.js';

/**
 * Attention of one sequence over another, with all intermediate results.
 *
 * @param words table of words, needed when vectors come from it
 */
export async function attend(setup: AttentionSetup, words?: WordTable): Promise<AttentionAnswer> {
  const mechanism = createMechanism(configOf(setup));
  try {
    applyEdits(mechanism.parameters, setup.edits);
    let explanation: Explanation | undefined;
    const tensors = tf.tidy(() => {
      const computed = compute(setup, mechanism, words);
      ({ explanation } = computed);
      return computed.tensors;
    });
    try {
      const { path, reasons } = explanation!;
      return {
        query: await numbers(tensors.query),
        memory: await numbers(tensors.memory),
        unknown: unknownTokens(setup, words),
        scores: await numbers(tensors.scores),
        changed: await numbersOrNull(tensors.changed),
        allowed: await numbersOrNull(tensors.allowed),
        weights: await numbers(tensors.weights),
        kept: await numbersOrNull(tensors.kept),
        context: await numbers(tensors.context),
        states: await named(tensors.states),
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

export function configOf({ mechanism: kind, width, heads, seed }: AttentionSetup): object {
  const { fit, suggest } = definitionOf('attend', { kind });
  return { kind, ...fit.options({ queryWidth: width, memoryWidth: width, seed }), ...suggest?.({ width, heads }) };
}

/**
 * Replaces initial numbers of parameters.
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

function compute(setup: AttentionSetup, mechanism: AttentionMechanism, words: WordTable | undefined) {
  const query = tokenVectors(setup.query, setup.queryVectors, setup, words);
  const memory = tokenVectors(setup.memory, setup.memoryVectors, setup, words);
  const [queries, keys] = [setup.query.length, setup.memory.length];
  const options = optionsOf(setup);
  const given = [tf.expandDims<tf.Tensor3D>(query, 0), mechanism.prepare(tf.expandDims(memory, 0)), options] as const;
  const explanation = mechanism.explain(...given);
  const { scores, changed, weights, dropped, context, states } = mechanism.parts(...given);
  const byHead = (tensor: tf.Tensor): tf.Tensor => tf.reshape(tensor, [-1, queries, keys]);
  return {
    explanation,
    tensors: {
      query,
      memory,
      scores: byHead(scores),
      changed: changed && byHead(changed),
      allowed: options.mask && allowedBy(options.mask, queries, keys),
      weights: byHead(weights),
      kept: dropped && byHead(dropped),
      // A map has a number for each position of the memory: other states, such as a count of steps, have none.
      states: Object.fromEntries(
        Object.entries(states)
          .filter(([, x]) => x.size === queries * keys)
          .map(([key, x]) => [key, tf.reshape(x, [queries, keys])]),
      ),
      context: tf.reshape(context, [queries, -1]),
    },
  };
}

/** Mask as numbers: 1 where equal scores get a weight, else 0. */
function allowedBy(mask: Mask, queries: number, keys: number): tf.Tensor {
  const scores = tf.zeros<tf.Rank.R3>([1, queries, keys]);
  const { weights } = weightedContext(scores, tf.zeros<tf.Rank.R3>([1, keys, 1]), { mask, returnWeights: true });
  return tf.reshape(tf.cast(tf.greater(weights!, 0), 'float32'), [queries, keys]);
}

function optionsOf(setup: AttentionSetup) {
  const { query, memory, causal: isCausal, window, length, dropout, temperature, softCap } = setup;
  const alignment: Alignment = query.length === memory.length ? {} : { align: 'bottom-right' };
  const masks: Mask[] = [
    ...(isCausal ? [causal(alignment)] : []),
    ...(window ? [slidingWindow({ left: window[0], right: window[1], ...alignment })] : []),
    ...(length === null ? [] : [padding([Math.min(length, memory.length)])]),
  ];
  return {
    ...(masks.length > 0 && { mask: both(...masks) }),
    ...(dropout && { dropout }),
    ...((temperature !== 1 || softCap !== null) && { change: (scores: tf.Tensor) => changedScores(scores, setup) }),
  };
}

/** Scores ẽ: e / temperature, soft capped. */
function changedScores(scores: tf.Tensor, { temperature, softCap }: AttentionSetup): tf.Tensor {
  const divided = tf.div(scores, temperature);
  return softCap === null ? divided : tf.mul(tf.tanh(tf.div(divided, softCap)), softCap);
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
  return named(parameters);
}

const named = (tensors: Readonly<Record<string, tf.Tensor>>): Promise<AttentionAnswer['parameters']> =>
  Promise.all(Object.entries(tensors).map(async ([key, tensor]) => Object.assign(await numbers(tensor), { key })));
