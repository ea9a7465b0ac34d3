import type * as tf from '@tensorflow/tfjs-core';
import { explain, weightedContext, type Explanation, type Mask } from '@heed/core';
import type { CallOptions, OwnComparison } from '../../comparison.js';
import { logSumExp } from '../../scores.js';
import { asTheyAre } from '../../see.js';
import { scan, scanCall, type LinearCall } from './linear-scan.js';
import { sightOf, type Sight } from './sight.js';

/** Linear attention of heads by one of its rules. */
export interface LinearRule<Call extends LinearCall = LinearCall> {
  readonly call: Call;
  /** Which position query 0 of each row sits on, for a rule that reads in order. */
  readonly offsets?: Int32Array;
  /** Masks of the rule itself. */
  readonly masks?: readonly Mask[];
  /** What `parts` shows as scores: [N, H, T, Tk]. */
  scores(): tf.Tensor4D;
  /** Whether the weights are the softmax of these. */
  readonly isSoftmax?: boolean;
  /** What each position is given, 0 where masked: [N, H, T, Tk]. */
  weights(mask: Mask | undefined): tf.Tensor4D;
  /** Contexts [N, H, T, Dv] by any mask; those of the weights where there is no other way. */
  context?(mask: Mask | undefined): tf.Tensor4D;
}

/**
 * A rule as a comparison. The state is read in order, at a cost that grows with T, wherever masks say no more than which positions there are
 * and how far queries see. Other masks, dropout, weights that are asked for and a single query take each query by itself.
 *
 * @param what begins messages
 */
export function linearComparison(what: string, rule: LinearRule): OwnComparison {
  const { call, offsets, masks = [] } = rule;
  const { query, value } = call;
  const [batch, heads, queries] = query.shape;
  const shape = { batch, heads, queries, keys: value.shape[2] };

  function inOrder({ mask, dropout }: CallOptions): Sight | undefined {
    if (queries < 2 || batch * shape.keys === 0 || dropout !== undefined) return undefined;
    const sight = sightOf(what, mask, shape);
    const { last } = sight ?? {};
    // What decays counts from where the queries sit.
    if (last === undefined ? offsets !== undefined : last < 0 || last !== (offsets?.[0] ?? last)) return undefined;
    return sight;
  }
  return {
    op: 'own',
    query,
    value,
    masks,
    attend(options) {
      const { mask, dropout, returnWeights, returnLogSumExp } = options;
      const sight = inOrder(options);
      const isApart = sight === undefined && (dropout !== undefined || rule.context === undefined);
      const weights = isApart || returnWeights ? rule.weights(mask) : undefined;
      const weighted = (): tf.Tensor4D =>
        weightedContext(weights!, value, { mask, dropout, normalizer: asTheyAre }).context as tf.Tensor4D;
      return {
        context: isApart ? weighted() : sight ? scan(call, sight) : rule.context!(mask),
        ...(returnWeights && { weights: weights! }),
        ...(returnLogSumExp && { logSumExp: logSumExp(rule.scores(), mask) }),
      };
    },
    scores: () => rule.scores(),
    isSoftmax: rule.isSoftmax ?? false,
    explain(options): Explanation {
      const sight = inOrder(options) ?? (rule.context && options.dropout === undefined ? EVERYTHING : undefined);
      if (sight !== undefined) return explain({ op: 'linearAttention', ...scanCall(call, sight) });
      const { mask, dropout } = options;
      return explain({ op: 'weightedContext', scores: rule.scores(), value, mask, dropout, normalizer: asTheyAre });
    },
  };
}

const EVERYTHING: Sight = { present: undefined, last: undefined };
