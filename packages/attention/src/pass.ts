import * as tf from '@tensorflow/tfjs-core';
import {
  HeedError,
  both,
  checkTensor,
  explain,
  type Alignment,
  type Bias,
  type Dropout,
  type Explanation,
  type Mask,
} from '@heed/core';
import { toCall, type CallOptions, type Comparison } from './comparison.js';
import type { Body } from './definition.js';
import { repeatHeads } from './linear.js';
import type { PositionIds } from './positions/position-ids.js';
import type { Projection } from './projection.js';
import { scoresOf } from './scores.js';
import { droppedWeights, nothingFor, see, withOwnMasks } from './see.js';
import type { AttentionState } from './state.js';

/** One look of queries at a memory, every option resolved. Axis letters: N rows of queries and of the memory. */
export interface Pass {
  /** Names the mechanism in messages. */
  readonly what: string;
  /** [N, T, Q] */
  readonly query: tf.Tensor3D;
  readonly memory: Projection;
  /** H of the weights; 1 of a mechanism without heads. */
  readonly heads: number;
  /** The memory's own, the causal one and the caller's. */
  readonly masks: readonly Mask[];
  readonly bias: Bias | tf.Tensor | undefined;
  readonly alignment: Alignment;
  /** Of the queries, in place of the alignment's. */
  readonly positions: PositionIds | undefined;
  /** How many positions the memory has forgotten. */
  readonly evicted: number;
  readonly dropout: Dropout | undefined;
  readonly state: AttentionState;
}

/** Tensors by name; time is the last axis but one, of `logSumExp` the last. */
export type PassTensors = Readonly<Record<string, tf.Tensor>>;

/** What `attend` returns, of all queries at once. */
export function look(
  body: Body,
  pass: Pass,
  returns: Pick<CallOptions, 'returnWeights' | 'returnLogSumExp'>,
): PassTensors {
  const comparison = body.compare(pass.query, pass.memory, pass);
  const { context, ...rest } = see(pass.what, comparison, { ...optionsOf(pass), ...returns });
  return { ...rest, context: combined(body, context, pass) };
}

/** What `parts` returns that depends on the queries, of all of them at once. */
export function lookAtParts(
  body: Body,
  pass: Pass,
  change: ((scores: tf.Tensor) => tf.Tensor) | undefined,
): PassTensors {
  const comparison = body.compare(pass.query, pass.memory, pass);
  const options = { ...optionsOf(pass), returnWeights: true, returnLogSumExp: false };
  const scores = scoresOf(pass.what, comparison, options);
  const changed = change?.(scores);
  if (change !== undefined)
    checkTensor(`${pass.what}: what change returns`, changed as tf.Tensor, { axes: scores.shape });
  const shown = changed === undefined ? comparison : scored(pass.what, comparison, changed);
  const seen = changed === undefined ? options : { ...options, bias: undefined };
  const { context, weights } = see(pass.what, shown, seen);
  return {
    query: tf.clone(comparison.op === 'weightedContext' ? pass.query : comparison.query),
    scores,
    ...(changed && { changed }),
    weights: weights!,
    ...(pass.dropout && { dropped: droppedWeights(pass.what, shown, seen) }),
    ...(body.combine && { heads: context }),
    context: combined(body, context, pass),
  };
}

/** Which path `look` takes, or `lookAtParts` where something changes the scores. */
export function explainPass(body: Body, pass: Pass, changes: boolean): Explanation {
  const comparison = body.compare(pass.query, pass.memory, pass);
  const given = { ...optionsOf(pass), returnWeights: true, returnLogSumExp: false };
  const shown = changes ? scored(pass.what, comparison, scoresOf(pass.what, comparison, given)) : comparison;
  const options = withOwnMasks(shown, changes ? { ...given, bias: undefined } : given);
  if (shown.op === 'own') return shown.explain(options);
  const call = toCall(pass.what, shown, options);
  // Weights that are changed before they meet the values are made by a call without them.
  const isReweighed = call.op === 'weightedContext' && shown.op === 'weightedContext' && shown.reweigh !== undefined;
  return explain(isReweighed ? { ...call, value: nothingFor(call.scores) } : call);
}

function optionsOf({ masks, bias, dropout }: Pass): Pick<CallOptions, 'mask' | 'bias' | 'dropout'> {
  return { mask: masks.length > 0 ? both(...masks) : undefined, bias, dropout };
}

const combined = (body: Body, context: tf.Tensor, { query }: Pass): tf.Tensor =>
  body.combine === undefined ? context : body.combine(context as tf.Tensor4D, query);

/** The same comparison with other scores. */
function scored(what: string, comparison: Comparison, scores: tf.Tensor): Comparison {
  if (comparison.op === 'weightedContext') return { ...comparison, scores };
  if (comparison.op === 'own') {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `${what}: the scores of this mechanism can't be changed`,
      hint: 'leave change out',
    });
  }
  const { value, masks, finish } = comparison;
  return {
    op: 'weightedContext',
    scores,
    value: value.rank === 4 ? repeatHeads(value, scores.shape[1]!) : value,
    ...(masks && { masks }),
    ...(finish && { finish }),
  };
}
