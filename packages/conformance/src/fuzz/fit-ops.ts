import { NORMALIZERS, type OpName } from '@heed/core';
import type { Example, OutputName } from '../example.js';
import type { AdditiveExample } from '../ops/additive.js';
import type { DotProductExample } from '../ops/dot-product.js';
import type { LinearExample } from '../ops/linear.js';
import type { WeightedExample } from '../ops/weighted.js';
import { isSparse } from '../oracle/normalizers.js';
import type { Draft } from './draft.js';
import { fitBias, fitHooks } from './fit-parts.js';

/** Sizes of a tensor which exists already. */
export interface Given {
  readonly batch: number;
  readonly heads: number;
  readonly queries: number;
  readonly width: number;
}

/** What drafts mean to an op. */
interface FitOp<E extends Example> {
  /** Example of the draft's sizes, with the options that this op alone has. */
  bare(draft: Draft, given?: Given): E;
  /** Input that the scores depend on, which may be large or small; values may have any size. */
  readonly scored: string;
  /** Inputs that may hold anything where they are masked. */
  readonly maskable: readonly string[];
  /** Whether a mask may differ from head to head. */
  readonly hasHeads: boolean;
  /** Whether there are weights, which a mask or dropout can change. */
  readonly hasWeights: boolean;
  /** Outputs besides the context. */
  outputs(draft: Draft): readonly Exclude<OutputName, 'context'>[];
  /** Whether scores are given, so that some can be made equal. */
  readonly givesScores: boolean;
  /** Whether the gradient jumps where the scores enter or leave the support of the normaliser. */
  isSparse(example: E): boolean;
  /** Size of the factor of the scores. */
  scale(example: E): number;
}

const dotProduct: FitOp<DotProductExample> = {
  bare(draft, given) {
    const { batch, keyHeads, group, valueWidth, width } = draft;
    const { queries, keys } = lengths(draft, given);
    const heads = given?.heads ?? keyHeads * group;
    return {
      op: 'dotProductAttention',
      batch,
      width,
      queries,
      keys,
      valueWidth,
      heads,
      ...given,
      keyHeads: heads % keyHeads === 0 ? keyHeads : 1,
      ...(draft.scale !== null && { scale: draft.scale }),
      ...(draft.softCap !== null && { softCap: draft.softCap }),
      ...fitBias(draft.bias, { batch: given?.batch ?? batch, heads, queries, keys }),
      ...fitHooks(draft),
    };
  },
  scored: 'query',
  maskable: ['key', 'value'],
  hasHeads: true,
  hasWeights: true,
  outputs: weightsAndSum,
  givesScores: false,
  isSparse: () => false,
  scale: ({ scale = 1 }) => Math.abs(scale),
};

const additive: FitOp<AdditiveExample> = {
  bare(draft) {
    const { batch, width: units, valueWidth } = draft;
    return { op: 'additiveAttention', batch, ...lengths(draft), units, valueWidth, ...fitHooks(draft) };
  },
  scored: 'query',
  maskable: ['key', 'value'],
  hasHeads: false,
  hasWeights: true,
  outputs: weightsAndSum,
  givesScores: false,
  isSparse: () => false,
  scale: () => 1,
};

const weighted: FitOp<WeightedExample> = {
  bare: (draft) => ({
    op: 'weightedContext',
    leading: [draft.group, draft.batch, draft.keyHeads].slice(3 - draft.leadingAxes),
    ...lengths(draft),
    valueWidth: draft.valueWidth,
    normalizer: NORMALIZERS[draft.normalizer % NORMALIZERS.length],
  }),
  scored: 'scores',
  maskable: ['value'],
  hasHeads: true,
  hasWeights: true,
  outputs: ({ weights }) => (weights ? ['weights'] : []),
  givesScores: true,
  isSparse: ({ normalizer = 'softmax' }) => isSparse(normalizer),
  scale: () => 1,
};

const linear: FitOp<LinearExample> = {
  bare(draft) {
    const { batch, keyHeads, group, queries, keys, width, valueWidth, logSumExp, ties, scale, mask, causal } = draft;
    const bidirectional = causal === null && ties;
    const normalize = logSumExp && scale === null;
    const full = [batch, keyHeads, bidirectional ? keys : queries, width];
    // A draft has no fields of its own for these: its numbers choose among them.
    const decays = [undefined, full, full.slice(0, 3), [keyHeads], [1, keyHeads, 1, width]];
    const isDelta = draft.normalizer % 2 === 1 && !normalize;
    const lengths = mask?.kind === 'padding' ? mask.lengths : undefined;
    return {
      op: 'linearAttention',
      batch,
      heads: keyHeads * group,
      keyHeads,
      queries,
      keys: full[2],
      width,
      valueWidth,
      ...(scale !== null && { scale }),
      ...(normalize && { normalize }),
      ...(bidirectional ? { bidirectional } : { logDecay: decays[draft.leadingAxes + (draft.square ? 1 : 0)] }),
      ...(isDelta && !bidirectional && { beta: full.slice(0, 3) }),
      ...(lengths && { lengths: Array.from({ length: batch }, (_, b) => lengths[b % lengths.length] % (full[2] + 1)) }),
      ...(draft.dropout && { initialState: true as const }),
    };
  },
  scored: 'query',
  maskable: [],
  hasHeads: true,
  hasWeights: false,
  outputs: ({ weights, logSumExp, scale }) => [
    ...(weights ? (['state'] as const) : []),
    ...(weights && logSumExp && scale === null ? (['normalizer'] as const) : []),
  ],
  givesScores: false,
  isSparse: () => false,
  scale: ({ scale = 1 }) => Math.abs(scale),
};

function weightsAndSum({ weights, logSumExp }: Draft): readonly Exclude<OutputName, 'context'>[] {
  return [...(weights ? (['weights'] as const) : []), ...(logSumExp ? (['logSumExp'] as const) : [])];
}

export const FIT_OPS: Readonly<Record<OpName, FitOp<Example>>> = {
  dotProductAttention: dotProduct,
  additiveAttention: additive,
  weightedContext: weighted,
  linearAttention: linear,
};

function lengths(draft: Draft, given?: Given): { readonly queries: number; readonly keys: number } {
  const queries = given?.queries ?? draft.queries;
  return { queries, keys: draft.square ? queries : draft.keys };
}
