import { NORMALIZERS } from '@heed/core';
import { agreement, type AgreementCase } from '../case.js';
import { ALL_OUTPUTS, add, dot, weigh } from '../examples.js';

export const empty: readonly AgreementCase[] = [
  agreement(
    'empty',
    'dot/dv0',
    dot({ valueWidth: 0, mask: { kind: 'padding', lengths: [3, 5] }, outputs: ALL_OUTPUTS }),
  ),
  agreement('empty', 'additive/dv0', add({ valueWidth: 0, outputs: ALL_OUTPUTS })),
  agreement('empty', 'weighted/dv0', weigh({ valueWidth: 0, outputs: ['weights'] })),
  ...(
    [
      ['b0', { batch: 0 }],
      ['h0', { heads: 0, keyHeads: 0 }],
      ['tq0', { queries: 0 }],
      ['tk0', { keys: 0 }],
      ['tq0-tk0', { queries: 0, keys: 0 }],
      ['b0-tk0', { batch: 0, keys: 0 }],
      ['tk0-dv0', { keys: 0, valueWidth: 0 }],
    ] as const
  ).map(([name, axes]) => agreement('empty', `dot/${name}`, dot({ ...axes, outputs: ALL_OUTPUTS }))),
  agreement(
    'empty',
    'dot/tk0-causal-padding',
    dot({
      keys: 0,
      mask: { kind: 'padding', lengths: [0, 0] },
      causal: { align: 'bottom-right' },
      outputs: ALL_OUTPUTS,
    }),
  ),
  agreement(
    'empty',
    'dot/tk0-dense-mask-and-bias',
    dot({
      keys: 0,
      mask: { kind: 'dense', shape: [5, 0], attended: 1 },
      bias: { kind: 'dense', shape: [3, 5, 0] },
      outputs: ALL_OUTPUTS,
    }),
  ),
  agreement(
    'empty',
    'dot/tk0-relative-bias',
    dot({ keys: 0, bias: { kind: 'relativePosition', rows: 3, reach: 2, align: 'top-left' } }),
  ),
  ...(
    [
      ['b0', { batch: 0 }],
      ['tq0', { queries: 0 }],
      ['tk0', { keys: 0 }],
    ] as const
  ).map(([name, axes]) => agreement('empty', `additive/${name}`, add({ ...axes, outputs: ALL_OUTPUTS }))),
  ...(
    [
      ['b0', { leading: [0, 3] }],
      ['tq0', { queries: 0 }],
      ['tk0', { keys: 0 }],
    ] as const
  ).flatMap(([name, axes]) =>
    NORMALIZERS.map((normalizer) =>
      agreement('empty', `weighted/${normalizer}/${name}`, weigh({ ...axes, normalizer, outputs: ['weights'] })),
    ),
  ),
];
