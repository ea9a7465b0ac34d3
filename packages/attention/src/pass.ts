import * as tf from '@tensorflow/tfjs-core';
import {
  HeedError,
  both,
  checkTensor,
  explain,
  materialize,
  type Alignment,
  type Bias,
  type Dropout,
  type Explanation,
  type Mask,
} from '@heed/core';
import { toCall, type CallOptions, type Comparison } from './comparison.js';
import type { Body } from './definition.js';
import { checkHooks } from './hooks.js';
import { repeatHeads } from './linear.js';
import type { PositionIds } from './positions/position-ids.js';
import type { Projection } from './projection.js';
import { logSumExp, scoresOf } from './scores.js';
import { asTheyAre, droppedWeights, nothingFor, see, withOwnMasks } from './see.js';
import type { AttentionState } from './state.js';
import type { Between } from './weigh.js';

/** One look of queries at a memory, every option resolved. Axis letters: N rows of queries and of the memory. */
export interface Pass {
  /** Names the mechanism in messages. */
  readonly what: string;
  /** [N, T, Q] */
  readonly query: tf.Tensor3D;
  readonly memory: Projection;
  /** As in `CompareCall`. */
  readonly present: () => tf.Tensor2D;
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
  returns: Pick<CallOptions, 'returnWeights' | 'returnLogSumExp' | 'hooks'>,
): PassTensors {
  const comparison = body.compare(pass.query, pass.memory, pass);
  const options = { ...optionsOf(pass), ...returns };
  checkHooks(pass.what, comparison, options.hooks ?? {});
  if (comparison.weigh === undefined) {
    const { context, ...rest } = see(pass.what, comparison, options);
    return { ...rest, context: combined(body, context, pass) };
  }
  const scores = scoresOf(pass.what, comparison, options);
  const { shown, between } = weighed(comparison, scores, pass);
  const { context, weights } = see(pass.what, shown, { ...options, returnLogSumExp: false });
  return {
    ...(weights && { weights }),
    ...(returns.returnLogSumExp && { logSumExp: logSumExp(scores, options.mask) }),
    ...between,
    context: combined(body, context, pass),
  };
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
  const { shown, between } = shownBy(comparison, { scores, changed }, pass);
  const seen = changed === undefined ? options : { ...options, bias: undefined };
  const { context, weights } = see(pass.what, shown, seen);
  return {
    query: tf.clone(comparison.op === 'weightedContext' ? pass.query : comparison.query),
    scores,
    ...(changed && { changed }),
    weights: weights!,
    ...(pass.dropout && { dropped: droppedWeights(pass.what, shown, seen) }),
    ...(body.combine && { heads: context }),
    ...between,
    context: combined(body, context, pass),
  };
}

/** Which path `look` takes, or `lookAtParts` where something changes the scores. */
export function explainPass(body: Body, pass: Pass, changes: boolean): Explanation {
  const comparison = body.compare(pass.query, pass.memory, pass);
  const given = { ...optionsOf(pass), returnWeights: true, returnLogSumExp: false };
  const isScored = changes || comparison.weigh !== undefined;
  const scores = isScored ? scoresOf(pass.what, comparison, given) : undefined;
  const { shown } =
    scores === undefined ? { shown: comparison } : shownBy(comparison, { scores, changed: scores }, pass);
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

/** What core computes the context with: the comparison itself, or other scores, or the weights that the mechanism makes of scores. */
function shownBy(
  comparison: Comparison,
  { scores, changed }: { readonly scores: tf.Tensor; readonly changed: tf.Tensor | undefined },
  pass: Pass,
): Shown {
  if (comparison.weigh !== undefined) return weighed(comparison, changed ?? scores, pass);
  return { shown: changed === undefined ? comparison : scored(pass.what, comparison, changed) };
}

interface Shown {
  readonly shown: Comparison;
  /** By names that begin with `BETWEEN`. */
  readonly between?: PassTensors;
}

/** The weights that a mechanism makes of scores, as a comparison. */
function weighed(comparison: Comparison, scores: tf.Tensor, pass: Pass): Shown {
  const { batch, heads, queries, keys } = sizesOf(pass);
  const { masks } = pass;
  const allowed =
    masks.length === 0
      ? tf.ones<tf.Rank.R3>([batch, queries, keys], 'bool')
      : asBool<tf.Rank.R3>(materialize(both(...masks), { batch, heads, queries, keys }), [batch, queries, keys]);
  const { weights, between = {} } = comparison.weigh!(scores as tf.Tensor3D, allowed);
  return {
    shown: { op: 'weightedContext', scores: weights, value: comparison.value, normalizer: asTheyAre },
    between: Object.fromEntries(Object.entries(between).map(([name, x]) => [`${BETWEEN}${name}`, x])),
  };
}

/** Begins the names of what stands between scores and weights. */
const BETWEEN = 'between/';

/** The tensors of a pass without those between scores and weights, and those by their own names. */
export function apart(tensors: PassTensors): { readonly tensors: PassTensors; readonly between: Between } {
  const isBetween = ([name]: [string, tf.Tensor]): boolean => name.startsWith(BETWEEN);
  const all = Object.entries(tensors);
  return {
    tensors: Object.fromEntries(all.filter((one) => !isBetween(one))),
    between: Object.fromEntries(all.filter(isBetween).map(([name, x]) => [name.slice(BETWEEN.length), x])),
  };
}

const sizesOf = ({ query, memory, heads }: Pass): { batch: number; heads: number; queries: number; keys: number } => ({
  batch: query.shape[0],
  heads,
  queries: query.shape[1],
  keys: memory.keys.shape.at(-2)!,
});

/** A mask [1 or N, 1, 1 or T, 1 or Tk] of one head, for all rows, queries and positions. */
export const asBool = <R extends tf.Rank>(mask: tf.Tensor, shape: tf.ShapeMap[R]): tf.Tensor<R> => {
  const squeezed = tf.squeeze(tf.cast(mask, 'int32'), [1]);
  return tf.cast(tf.broadcastTo(squeezed, shape), 'bool');
};

/** The same comparison with other scores. */
function scored(what: string, comparison: Comparison, scores: tf.Tensor): Comparison {
  if (comparison.op === 'weightedContext') return { ...comparison, scores };
  if (comparison.op === 'own' && !comparison.isSoftmax) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `${what}: the scores of this mechanism can't be changed`,
      hint: 'leave change out',
    });
  }
  const { value, masks = [], formula, finish } = comparison;
  return {
    op: 'weightedContext',
    scores,
    value: value.rank === 4 ? repeatHeads(value, scores.shape[1]!) : value,
    masks: formula === undefined ? masks : [...masks, formula.dense()],
    ...(finish && { finish }),
  };
}
