import { agreement, type AgreementCase } from '../case.js';
import type { MaskSpec } from '../example.js';
import { ALL_OUTPUTS, dot, weigh } from '../examples.js';
import type { DotProductExample } from '../ops/dot-product.js';
import {
  HEAD_MASKS,
  LARGE,
  LARGE_PAIRS,
  MASK_PAIRS,
  NAMED_MASKS,
  PER_BATCH,
  SINGLE_MASKS,
  WINDOW_BEHIND,
} from './mask-specs.js';

const large = { batch: 1, heads: 1, keyHeads: 1, queries: 70, keys: 67, width: 3, valueWidth: 2 } as const;

const square = { queries: 6, keys: 6, outputs: ALL_OUTPUTS } as const;

export const masks: readonly AgreementCase[] = [
  ...each({ ...SINGLE_MASKS, ...HEAD_MASKS }, 'dot', { outputs: ALL_OUTPUTS }),
  ...each(MASK_PAIRS, 'dot/pair', { outputs: ALL_OUTPUTS }),
  ...each(LARGE, 'dot/tq70-tk67', large),
  // A segment mask with itself (and so on) adds nothing at this size.
  ...each(LARGE_PAIRS, 'dot/tq70-tk67/pair', large).filter(({ id }) => !/(\w+)\+\1$/.test(id)),

  agreement('masks', 'dot/square/causal-option', dot({ ...square, causal: true })),
  agreement('masks', 'dot/square/causal', dot({ ...square, mask: { kind: 'causal' } })),
  agreement('masks', 'dot/square/window', dot({ ...square, mask: { kind: 'slidingWindow', left: 2, right: 0 } })),
  agreement(
    'masks',
    'dot/square/segments-self',
    dot({
      ...square,
      mask: {
        kind: 'segments',
        query: [
          [0, 0, 1, 1, 1, 2],
          [3, 3, 3, 3, 8, 8],
        ],
      },
    }),
  ),
  agreement(
    'masks',
    'dot/causal-option-joins-mask',
    dot({ causal: { align: 'bottom-right' }, mask: { kind: 'padding', lengths: [5, 4] } }),
  ),
  agreement('masks', 'dot/all-five', dot({ mask: { kind: 'both', masks: everyType() }, outputs: ALL_OUTPUTS })),
  agreement(
    'masks',
    'dot/nested',
    dot({
      mask: {
        kind: 'both',
        masks: [
          { kind: 'both', masks: [SINGLE_MASKS['padding'], { kind: 'both', masks: [] }] },
          { kind: 'both', masks: [SINGLE_MASKS['causal-bottom-right']] },
        ],
      },
    }),
  ),
  agreement('masks', 'dot/both-of-nothing', dot({ mask: { kind: 'both', masks: [] } })),
  agreement(
    'masks',
    'dot/three-dense',
    dot({
      mask: {
        kind: 'both',
        masks: [
          { kind: 'dense', shape: [2, 1, 1, 7], attended: 0.8 },
          { kind: 'dense', shape: [3, 5, 1], attended: 0.8 },
          { kind: 'dense', shape: [5, 7], attended: 0.8 },
        ],
      },
    }),
  ),
  agreement(
    'masks',
    'dot/one-query-of-a-cache',
    dot({ queries: 1, keys: 9, mask: { kind: 'causal', offset: [3, 8] }, outputs: ALL_OUTPUTS }),
  ),
  agreement(
    'masks',
    'dot/tq160-tk40/window-behind',
    dot({ ...WINDOW_BEHIND, batch: 1, heads: 1, keyHeads: 1, width: 3 }),
  ),
  agreement(
    'masks',
    'weighted/tq160-tk40/window-behind',
    weigh({ ...WINDOW_BEHIND, leading: [1], outputs: ['weights'] }),
  ),
  // As many heads as batches: only a name tells the two axes apart.
  ...each(NAMED_MASKS, 'dot/b3-h3', { batch: 3, outputs: ALL_OUTPUTS }),
  // What an op's own weights are shaped like needs no name.
  agreement(
    'masks',
    'dot/b3-h1/dense-b-tq-tk',
    dot({ batch: 3, heads: 1, keyHeads: 1, mask: PER_BATCH, outputs: ALL_OUTPUTS }),
  ),
  agreement('masks', 'weighted/b3/dense-b-tq-tk', weigh({ leading: [3], mask: PER_BATCH, outputs: ['weights'] })),
  ...each(MASK_PAIRS, 'weighted/pair').map(({ id, example }) =>
    agreement('masks', id.slice('masks/'.length), weigh({ mask: example.mask, outputs: ['weights'] })),
  ),
];

function each(
  specs: Readonly<Record<string, MaskSpec>>,
  path: string,
  changes: Partial<DotProductExample> = {},
): AgreementCase[] {
  return Object.entries(specs).map(([name, mask]) => agreement('masks', `${path}/${name}`, dot({ ...changes, mask })));
}

function everyType(): MaskSpec[] {
  return [
    { kind: 'causal', align: 'bottom-right' },
    { kind: 'slidingWindow', left: 4, right: 2, align: 'bottom-right' },
    { kind: 'padding', lengths: [6, 5] },
    SINGLE_MASKS['segments'],
    { kind: 'dense', shape: [3, 5, 7], attended: 0.8 },
  ];
}
