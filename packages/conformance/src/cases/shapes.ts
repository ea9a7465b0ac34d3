import { agreement, type AgreementCase } from '../case.js';
import { ALL_OUTPUTS, dot } from '../examples.js';

/** Sizes around the blocks and registers that kernels are likely to use. */
export const SIZES = [1, 2, 3, 15, 16, 17, 31, 32, 33, 63, 64, 65] as const;

const oneHead = { batch: 1, heads: 1, keyHeads: 1, outputs: ALL_OUTPUTS } as const;

export const shapes: readonly AgreementCase[] = [
  agreement('shapes', 'dot/base', dot({ outputs: ALL_OUTPUTS })),
  ...SIZES.map((t) =>
    agreement('shapes', `dot/tq${t}-tk${t}`, dot({ ...oneHead, queries: t, keys: t, valueWidth: 3 })),
  ),
  ...SIZES.map((d) => agreement('shapes', `dot/d${d}`, dot({ ...oneHead, width: d }))),
  ...SIZES.map((dv) => agreement('shapes', `dot/dv${dv}`, dot({ ...oneHead, valueWidth: dv }))),
  ...(
    [
      [1, 7],
      [7, 1],
      [1, 64],
      [65, 1],
      [16, 65],
      [65, 16],
      [33, 31],
      [3, 129],
      [129, 3],
    ] as const
  ).map(([queries, keys]) => agreement('shapes', `dot/tq${queries}-tk${keys}`, dot({ ...oneHead, queries, keys }))),
  ...(
    [
      [1, 1],
      [3, 1],
      [1, 5],
      [5, 7],
    ] as const
  ).map(([batch, heads]) => agreement('shapes', `dot/b${batch}-h${heads}`, dot({ batch, heads, keyHeads: heads }))),
  agreement('shapes', 'dot/all-axes-1', dot({ ...oneHead, queries: 1, keys: 1, width: 1, valueWidth: 1 })),
  agreement(
    'shapes',
    'dot/long/b1-h2-tq129-tk130-d64',
    dot({ batch: 1, heads: 2, keyHeads: 2, queries: 129, keys: 130, width: 64, valueWidth: 33 }),
  ),
  agreement(
    'shapes',
    'dot/long/b1-h1-tq257-tk263-d8-causal',
    dot({ ...oneHead, queries: 257, keys: 263, width: 8, valueWidth: 8, causal: { align: 'bottom-right' } }),
  ),
];
