import { agreement, type AgreementCase, type Group } from '../case.js';
import type { MaskSpec, Poison } from '../example.js';
import { ALL_OUTPUTS, add, dot, weigh } from '../examples.js';
import type { AdditiveExample } from '../ops/additive.js';
import type { DotProductExample } from '../ops/dot-product.js';
import type { WeightedExample } from '../ops/weighted.js';

/** Steps of decoding: few queries, keys beyond several blocks, and groups of heads that read the same keys, more than kernels take at once. */
const STEP = { batch: 1, heads: 11, keyHeads: 1, queries: 1, keys: 261, width: 20, valueWidth: 19 };

/** Two steps: heads with keys of their own, and heads in groups. */
const TWO = { ...STEP, batch: 2 };
const OWN_KEYS = { ...TWO, heads: 3, keyHeads: 3 };
const IN_GROUPS = { ...TWO, heads: 4, keyHeads: 2 };

type Size = typeof STEP;
type Extras = (size: Size) => Readonly<Record<string, Partial<DotProductExample>>>;

const ofHeads: Extras = ({ heads, queries, keys }) => ({
  'mask-per-head': {
    mask: { kind: 'dense', shape: [2, heads, queries, keys], attended: 0.5, emptyColumns: [0, 130, 260] },
  },
  'bias-per-head': { bias: { kind: 'dense', shape: [heads, queries, keys] } },
  alibi: { bias: { kind: 'alibi', align: 'bottom-right' } },
  'lengths-cap-dropout': {
    mask: { kind: 'padding', lengths: [259, 131] },
    softCap: 2,
    dropout: { rate: 0.3, seed: 5 },
  },
});

const ofMasks: Extras = () => ({
  'window-of-causal': { mask: { kind: 'slidingWindow', left: 140, right: 0, align: 'bottom-right' } },
  'a-row-without-keys': { mask: { kind: 'padding', lengths: [0, 3] } },
});

const ofBias: Extras = ({ heads, queries, keys }) => ({
  'empty-columns': { bias: { kind: 'dense', shape: [heads, queries, keys], emptyColumns: [7, 128] } },
});

const ofNonFinite: Extras = ({ queries, keys }) => ({
  'nan-under-the-mask': {
    mask: { kind: 'dense', shape: [2, 1, queries, keys], attended: 0.7, emptyColumns: [5, 129, 200] },
    poison: ['key', 'value'].map((input) => ({ input, value: NaN, at: 'masked' as const })),
  },
});

/** Besides a plain memory of several blocks: a short one, and factors on the weights. */
const MEMORIES = { plain: {}, 'short-memory': { keys: 9 }, dropout: { dropout: { rate: 0.3, seed: 5 } } };

const hidden = (queries: number): MaskSpec => ({
  kind: 'dense',
  shape: [2, queries, 261],
  attended: 0.7,
  emptyColumns: [5, 129, 200],
});

const nanUnder = (...inputs: string[]): Poison[] => inputs.map((input) => ({ input, value: NaN, at: 'masked' }));

/** A query of a recurrent decoder, and a few. */
function ofAdditive(queries: number): AgreementCase[] {
  const of = (group: Group, what: string, extra: Partial<AdditiveExample>): AgreementCase => {
    const size = { batch: 2, queries, keys: 261, units: 10, valueWidth: 19, outputs: ALL_OUTPUTS };
    return agreement(group, `additive/few-queries/tq${queries}/${what}`, add({ ...size, ...extra }));
  };
  return [
    ...Object.entries(MEMORIES).map(([what, extra]) => of('heads', what, extra)),
    of('non-finite', 'nan-under-the-mask', { mask: hidden(queries), poison: nanUnder('key', 'value') }),
  ];
}

function ofWeighted(queries: number): AgreementCase[] {
  const of = (group: Group, what: string, extra: Partial<WeightedExample>): AgreementCase => {
    const size = { leading: [2, 3], queries, keys: 261, valueWidth: 19, outputs: ['weights'] as const };
    return agreement(group, `weighted/few-queries/tq${queries}/${what}`, weigh({ ...size, ...extra }));
  };
  const mask: MaskSpec = { kind: 'padding', lengths: [131, 0] };
  return [
    ...Object.entries(MEMORIES).map(([what, extra]) => of('heads', what, extra)),
    of('non-finite', 'nan-under-the-mask', { mask, poison: nanUnder('value') }),
  ];
}

/** A single query and a few. */
function casesOf(group: Group, extras: Extras, single: Size = OWN_KEYS): AgreementCase[] {
  const sizes = { tq1: single, tq3: { ...OWN_KEYS, queries: 3 } };
  return Object.entries(sizes).flatMap(([name, size]) =>
    Object.entries(extras(size)).map(([what, extra]) =>
      agreement(group, `dot/few-queries/${name}/${what}`, dot({ ...size, ...extra, outputs: ALL_OUTPUTS })),
    ),
  );
}

export const fewQueries: readonly AgreementCase[] = [
  ...[1, 2, 4].map((queries) =>
    agreement('heads', `dot/few-queries/hq11-hk1-tq${queries}`, dot({ ...STEP, queries, outputs: ALL_OUTPUTS })),
  ),
  ...[64, 33, 3].map((width) =>
    agreement('heads', `dot/few-queries/d${width}`, dot({ ...STEP, heads: 2, width, valueWidth: width })),
  ),
  ...casesOf('heads', ofHeads, IN_GROUPS),
  ...casesOf('masks', ofMasks),
  ...casesOf('bias', ofBias),
  ...casesOf('non-finite', ofNonFinite),
  ...[1, 3].flatMap(ofAdditive),
  ...[1, 3].flatMap(ofWeighted),
];
