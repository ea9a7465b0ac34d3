import * as tf from '@tensorflow/tfjs-core';
import {
  both,
  checkTensor,
  explain,
  weightedContext,
  type Alignment,
  type Bias,
  type Dropout,
  type Explanation,
  type Mask,
} from '@heed/core';
import { hasHeads, perform, toCall, type CallOptions, type Comparison } from './comparison.js';
import type { Body } from './definition.js';
import { repeatHeads } from './linear.js';
import type { Projection } from './projection.js';
import { logSumExp, scoresOf } from './scores.js';
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
  const options = { ...optionsOf(pass), ...returns };
  const call = toCall(pass.what, comparison, options);
  const { context, ...rest } = perform(call, { hasHeads: hasHeads(comparison) });
  // The op for scores of any kind doesn't find it.
  const isMissing = returns.returnLogSumExp && comparison.op === 'weightedContext';
  const found = isMissing ? { logSumExp: logSumExp(comparison.scores, options.mask) } : {};
  return { ...rest, ...found, context: combined(body, context) };
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
  const shown = changed === undefined ? comparison : scored(comparison, changed);
  const call = toCall(pass.what, shown, changed === undefined ? options : { ...options, bias: undefined });
  const { context, weights } = perform(call, { hasHeads: hasHeads(shown) });
  const { mask, dropout } = options;
  return {
    query: comparison.op === 'weightedContext' ? tf.clone(pass.query) : tf.clone(comparison.query),
    scores,
    ...(changed && { changed }),
    weights: weights!,
    ...(dropout && { dropped: droppedWeights(changed ?? scores, { mask, dropout }) }),
    ...(body.combine && { heads: context }),
    context: combined(body, context),
  };
}

/** Which path `look` takes, or `lookAtParts` where something changes the scores. */
export function explainPass(body: Body, pass: Pass, changes: boolean): Explanation {
  const comparison = body.compare(pass.query, pass.memory, pass);
  const options = { ...optionsOf(pass), returnWeights: true, returnLogSumExp: false };
  if (!changes) return explain(toCall(pass.what, comparison, options));
  const scores = scoresOf(pass.what, comparison, options);
  return explain(toCall(pass.what, scored(comparison, scores), { ...options, bias: undefined }));
}

function optionsOf({ masks, bias, dropout }: Pass): Pick<CallOptions, 'mask' | 'bias' | 'dropout'> {
  return { mask: masks.length > 0 ? both(...masks) : undefined, bias, dropout };
}

const combined = (body: Body, context: tf.Tensor): tf.Tensor =>
  body.combine === undefined ? context : body.combine(context as tf.Tensor4D);

/** The same comparison with other scores. */
function scored({ value }: Comparison, scores: tf.Tensor): Comparison {
  return { op: 'weightedContext', scores, value: value.rank === 4 ? repeatHeads(value, scores.shape[1]!) : value };
}

/** What the op makes of the weights by dropout: the context of values that are the rows of the identity. */
function droppedWeights(scores: tf.Tensor, options: { mask: Mask | undefined; dropout: Dropout }): tf.Tensor {
  const keys = scores.shape.at(-1)!;
  const leading = scores.shape.slice(0, -2);
  const identity = tf.reshape(tf.eye(keys), [...leading.map(() => 1), keys, keys]);
  return weightedContext(scores, tf.tile(identity, [...leading, 1, 1]), options).context;
}
