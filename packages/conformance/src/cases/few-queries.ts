import { agreement, type AgreementCase, type Group } from '../case.js';
import { ALL_OUTPUTS, dot } from '../examples.js';
import type { DotProductExample } from '../ops/dot-product.js';

/** Steps of decoding: few queries, keys beyond several blocks, and groups of heads that read the same keys, more than kernels take at once. */
const STEP = { batch: 1, heads: 11, keyHeads: 1, queries: 1, keys: 261, width: 20, valueWidth: 19 } as const;

/** A query of heads in groups, and a few of heads with keys of their own. */
const SIZES = {
  tq1: { ...STEP, batch: 2, heads: 4, keyHeads: 2 },
  tq3: { ...STEP, batch: 2, heads: 3, keyHeads: 3, queries: 3 },
} as const;

type Size = (typeof SIZES)['tq1' | 'tq3'];
type Extras = Readonly<Record<string, Partial<DotProductExample>>>;

const finite = ({ heads, queries }: Size): Extras => ({
  'mask-per-head': {
    mask: { kind: 'dense', shape: [2, heads, queries, 261], attended: 0.5, emptyColumns: [0, 130, 260] },
  },
  'bias-per-head': { bias: { kind: 'dense', shape: [heads, queries, 261] } },
  alibi: { bias: { kind: 'alibi', align: 'bottom-right' } },
  'window-of-causal': { mask: { kind: 'slidingWindow', left: 140, right: 0, align: 'bottom-right' } },
  'lengths-cap-dropout': {
    mask: { kind: 'padding', lengths: [259, 131] },
    softCap: 2,
    dropout: { rate: 0.3, seed: 5 },
  },
  'nan-under-the-mask': {
    mask: { kind: 'dense', shape: [2, 1, queries, 261], attended: 0.7, emptyColumns: [5, 129, 200] },
    poison: ['key', 'value'].map((input) => ({ input, value: NaN, at: 'masked' as const })),
  },
});

/** With infinities in tensors: in a bias, and as the logSumExp of nothing. */
const infinite = ({ heads, queries }: Size): Extras => ({
  'bias-of-empty-columns': { bias: { kind: 'dense', shape: [heads, queries, 261], emptyColumns: [7, 128] } },
  'a-row-without-keys': { mask: { kind: 'padding', lengths: [0, 3] } },
});

export const fewQueries: readonly AgreementCase[] = [
  ...[1, 2, 4].map((queries) =>
    agreement('heads', `dot/few-queries/hq11-hk1-tq${queries}`, dot({ ...STEP, queries, outputs: ALL_OUTPUTS })),
  ),
  ...[64, 33, 3].map((width) =>
    agreement('heads', `dot/few-queries/d${width}`, dot({ ...STEP, heads: 2, width, valueWidth: width })),
  ),
  ...Object.entries(SIZES).flatMap(([size, sizes]) => [
    ...casesOf('heads', size, sizes, finite(sizes)),
    ...casesOf('non-finite', size, sizes, infinite(sizes)),
  ]),
];

function casesOf(group: Group, name: string, size: Size, extras: Extras): AgreementCase[] {
  return Object.entries(extras).map(([what, extra]) =>
    agreement(group, `dot/few-queries/${name}/${what}`, dot({ ...size, ...extra, outputs: ALL_OUTPUTS })),
  );
}
