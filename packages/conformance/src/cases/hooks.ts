import { agreement, type AgreementCase } from '../case.js';
import { ALL_OUTPUTS, add, dot } from '../examples.js';
import { FORMULAS, type FormulaName } from '../hooks.js';
import type { DotProductExample } from '../ops/dot-product.js';

const NAMES = Object.keys(FORMULAS) as FormulaName[];
const slug = (name: string): string => name.replaceAll(' ', '-').replaceAll('−∞', 'minus-infinity');

const MASK = { kind: 'dense', shape: [2, 1, 5, 7], attended: 0.6, emptyRows: [3] } as const;

const TOGETHER: Readonly<Record<string, Partial<DotProductExample>>> = {
  'all-three': { hooks: ['decay', 'documents', 'gain of weights'] },
  'all-three-dropout': { hooks: ['mixture', 'every third', 'power of weights'], dropout: { rate: 0.3, seed: 7 } },
  dropout: { hooks: ['decay'], dropout: { rate: 0.3, seed: 7 } },
  'mask-dropout': { hooks: ['causal'], dropout: { rate: 0.3, seed: 7 } },
  'after-cap-and-bias': {
    hooks: ['temperature'],
    softCap: 0.7,
    bias: { kind: 'dense', shape: [3, 5, 7] },
    magnitude: { query: 3 },
  },
  'bias-minus-infinity': { hooks: ['constant'], bias: { kind: 'dense', shape: [3, 5, 7], masked: 0.4 } },
  'before-mask': { hooks: ['mixture'], mask: MASK },
  'mask-and-mask': { hooks: ['every third'], mask: MASK },
  'causal-and-hook': { hooks: ['first keys'], causal: { align: 'bottom-right' } },
  'reads-nothing-masked': {
    hooks: ['beyond the tensor', 'where the tensor is'],
  },
  'padding-holds-nan': {
    hooks: ['mixture'],
    mask: { kind: 'padding', lengths: [4, 0] },
    poison: [
      { input: 'columns', value: NaN, at: [4] },
      { input: 'columns', value: Infinity, at: [6] },
      { input: 'key', value: NaN, at: 'masked' },
      { input: 'value', value: -Infinity, at: 'masked' },
    ],
  },
  'grouped-heads': { hooks: ['table', 'causal'], heads: 6, keyHeads: 2 },
};

/** Numbers whose sum is a gradient that is far smaller: 7,022 together for one of 151, and 105 for one of 0.7. */
const LONG_SUM = { units: { dRate: 2 ** 10 } };
const SHORTER_SUM = { units: { dRate: 2 ** 4 } };

/** Across the edges of blocks, where a mask of a hook may take part of a block, all of it or none. */
const LONG = { batch: 1, heads: 1, keyHeads: 1, queries: 70, keys: 131, width: 3, valueWidth: 2 } as const;
const LONG_HOOKS: readonly (readonly FormulaName[])[] = [
  ['decay'],
  ['causal'],
  ['window'],
  ['documents'],
  ['table', 'first keys'],
  ['bias of positions', 'not some rows'],
  ['gain of weights', 'causal'],
];

/** Of a step of decoding, which is done in shorter blocks than those of which a hook's bounds are told. */
const FEW_QUERIES = { ...LONG, heads: 2, keyHeads: 2, queries: 3, keys: 261 } as const;
const FEW_HOOKS: readonly (readonly FormulaName[])[] = [['decay'], ['causal'], ['window'], ['table', 'first keys']];

export const hooks: readonly AgreementCase[] = [
  ...NAMES.map((name) => agreement('hooks', `dot/${slug(name)}`, dot({ hooks: [name], outputs: ALL_OUTPUTS }))),
  ...NAMES.map((name) => agreement('hooks', `additive/${slug(name)}`, add({ hooks: [name], outputs: ALL_OUTPUTS }))),
  ...Object.entries(TOGETHER).map(([name, extra]) =>
    agreement('hooks', `dot/${name}`, dot({ ...extra, outputs: ALL_OUTPUTS })),
  ),
  ...LONG_HOOKS.map((hooks) =>
    agreement(
      'hooks',
      `dot/long/${hooks.map(slug).join('+')}`,
      dot({ ...LONG, hooks, outputs: ALL_OUTPUTS }),
      LONG_SUM,
    ),
  ),
  ...FEW_HOOKS.map((hooks) =>
    agreement(
      'hooks',
      `dot/few-queries/${hooks.map(slug).join('+')}`,
      dot({ ...FEW_QUERIES, hooks, outputs: ALL_OUTPUTS }),
    ),
  ),
  agreement(
    'hooks',
    'additive/long/decay+causal',
    add({ batch: 1, queries: 70, keys: 67, hooks: ['decay', 'causal'] }),
    SHORTER_SUM,
  ),
  // Nothing but the context, as it is trained.
  agreement('hooks', 'dot/context/decay+causal', dot({ hooks: ['decay', 'causal'] })),
  agreement('hooks', 'dot/one-position', dot({ queries: 1, keys: 1, hooks: ['decay', 'causal', 'gain of weights'] })),
  ...(['mixture', 'exponential decay', 'roots and logarithms', 'power of weights'] as const).map((name) =>
    agreement(
      'hooks',
      `dot/differences/${slug(name)}`,
      dot({ batch: 1, queries: 2, keys: 3, valueWidth: 2, hooks: [name] }),
      {
        gradients: 'differences',
      },
    ),
  ),
];
