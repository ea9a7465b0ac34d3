import { entmax, weightedContext, type Normalizer } from '@heed/core';
import { maskOf, sizeOf, type Example, type Instance } from '../example.js';
import { attendance } from '../oracle/masks.js';
import { dropoutFactor } from '../oracle/philox.js';
import { weighted, weightedBackward, type Weighted } from '../oracle/weighted.js';
import type { TestedOp } from './define.js';

export interface WeightedExample extends Example {
  readonly op: 'weightedContext';
  /** Axes of the scores before [Tq, Tk]: [], [B] or […, H]. */
  readonly leading: readonly number[];
  /** Normaliser; absent for the op's default, softmax. */
  readonly normalizer?: Normalizer | 'entmax';
  /** α of 'entmax' as a plain number. As a tensor it is the input `alpha`, of as many numbers as `numbers` has for it, or one. */
  readonly alpha?: number;
  readonly bias?: never;
}

export const testedWeighted: TestedOp<WeightedExample> = {
  plain: { op: 'weightedContext', leading: [2, 3], queries: 5, keys: 7, valueWidth: 6 },
  scores({ leading, queries, keys }) {
    // The last leading axis has the heads, but a single one is the batch.
    const heads = leading.length > 1 ? leading.at(-1)! : 1;
    const batch = sizeOf(leading.length > 1 ? leading.slice(0, -1) : leading);
    return { batch, heads, queries, keys };
  },
  keyHeads: (example) => testedWeighted.scores(example).heads,
  leading: ({ leading }) => leading,
  inputs: ({ leading, queries, keys, valueWidth, normalizer, alpha, numbers }) => ({
    scores: [...leading, queries, keys],
    value: [...leading, keys, valueWidth],
    ...(normalizer === 'entmax' && alpha === undefined && { alpha: [numbers?.['alpha']?.length ?? 1] }),
  }),
  options: ({ normalizer, alpha }) => ({ normalizer: alpha === undefined ? normalizer : entmax(alpha) }),
  capturing: (_, { alpha }) => ({ ...(alpha && { normalizer: entmax(alpha) }) }),
  run: ({ scores, value }, options) => weightedContext(scores!, value!, options),
  forward: (instance, round) => weighted(operandsOf(instance), round),
  backward(instance, cotangents, round) {
    const { dScores, dValue, dParameter } = weightedBackward(operandsOf(instance), cotangents, round);
    const hasInput = Object.hasOwn(instance.inputs, 'alpha');
    return { scores: dScores, value: dValue, ...(hasInput && { alpha: dParameter! }) };
  },
};

function operandsOf(instance: Instance<WeightedExample>): Weighted {
  const { example, inputs } = instance;
  const sizes = testedWeighted.scores(example);
  return {
    ...example,
    ...sizes,
    scores: inputs['scores'].values,
    value: inputs['value'].values,
    normalizer: example.normalizer ?? 'softmax',
    parameter: inputs['alpha']?.values ?? (example.alpha === undefined ? undefined : [example.alpha]),
    attends: attendance(maskOf(instance), sizes),
    dropout: dropoutFactor(example.dropout),
  };
}
