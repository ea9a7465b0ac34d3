import * as tf from '@tensorflow/tfjs-core';
import { both, defineNormalizer, dropoutFactor, weightedContext, type Mask } from '@heed/core';
import {
  hasHeads,
  perform,
  refuseBias,
  toCall,
  type CallOptions,
  type Comparison,
  type Finished,
  type ScoredComparison,
  type Seen,
} from './comparison.js';
import { logSumExp } from './scores.js';

/**
 * What a comparison finds: the op's context, with weights and logSumExp where they are asked for, finished as the mechanism says.
 *
 * @throws HeedError INVALID_ARGUMENT for a bias that it has no place for
 */
export function see(what: string, comparison: Comparison, given: CallOptions): Seen {
  const options = withOwnMasks(comparison, given);
  if (comparison.finish === undefined) return found(what, comparison, options);
  const {
    context,
    weights,
    logSumExp: sums,
  } = comparison.finish(found(what, comparison, { ...options, returnLogSumExp: true }) as Finished);
  return { context, ...(options.returnWeights && { weights }), ...(options.returnLogSumExp && { logSumExp: sums }) };
}

/** Weights after dropout, as `see` lets them meet the values. */
export function droppedWeights(what: string, comparison: Comparison, given: CallOptions): tf.Tensor {
  const options = { ...withOwnMasks(comparison, given), returnWeights: true, returnLogSumExp: true };
  const seen = found(what, comparison, { ...options, dropout: undefined }) as Finished;
  const weights = seen.weights!;
  const factor = dropoutFactor(given.dropout!);
  const factors = tf.tensor(
    Float32Array.from({ length: weights.size }, (_, n) => factor(n)),
    weights.shape,
  );
  const dropped = tf.mul(weights, factors);
  return comparison.finish === undefined ? dropped : comparison.finish({ ...seen, weights: dropped }).weights!;
}

/** The options with the comparison's own masks among the caller's. */
export function withOwnMasks({ masks = [], formula }: Comparison, options: CallOptions): CallOptions {
  const { mask, hooks } = options;
  const isHook = formula !== undefined && hooks?.maskHook === undefined;
  const all: readonly Mask[] = [
    ...(mask === undefined ? [] : [mask]),
    ...masks,
    ...(formula === undefined || isHook ? [] : [formula.dense()]),
  ];
  return {
    ...options,
    mask: all.length > 1 ? both(...all) : all[0],
    ...(isHook && { hooks: { ...hooks, maskHook: formula.hook } }),
  };
}

function found(what: string, comparison: Comparison, options: CallOptions): Seen {
  if (comparison.op === 'own') {
    if (options.bias !== undefined) refuseBias(what);
    return comparison.attend(options);
  }
  const seen =
    comparison.op === 'weightedContext' && comparison.reweigh !== undefined
      ? reweighed(comparison, options)
      : perform(toCall(what, comparison, options), { hasHeads: hasHeads(comparison) });
  // The op for scores of any kind doesn't find it.
  return options.returnLogSumExp && comparison.op === 'weightedContext'
    ? { ...seen, logSumExp: logSumExp(comparison.scores, options.mask) }
    : seen;
}

/** Weights as they are, 0 where masked: lets core's op apply dropout and values to weights that were made elsewhere. */
export const asTheyAre = defineNormalizer({
  name: 'asTheyAre',
  title: 'as they are',
  forward: (weights) => tf.clone(weights),
  backward: (_, dWeights) => tf.clone(dWeights),
});

/** The weights alone; what they would average is of no interest. */
export function weightsOf(
  scores: tf.Tensor,
  mask: Mask | undefined,
  normalizer: ScoredComparison['normalizer'] = 'softmax',
): tf.Tensor {
  return weightedContext(scores, nothingFor(scores), { mask, normalizer, returnWeights: true }).weights;
}

/** Values for a call of which only the weights are wanted. */
export const nothingFor = ({ shape }: tf.Tensor): tf.Tensor => tf.zeros([...shape.slice(0, -2), shape.at(-1)!, 1]);

function reweighed({ scores, value, normalizer, reweigh }: ScoredComparison, options: CallOptions): Seen {
  const { mask, dropout, returnWeights } = options;
  const weights = weightsOf(scores, mask, normalizer);
  return weightedContext(reweigh!(weights), value, { mask, dropout, normalizer: asTheyAre, returnWeights });
}
