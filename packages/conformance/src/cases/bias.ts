import { agreement, type AgreementCase } from '../case.js';
import type { BiasSpec } from '../example.js';
import { ALL_OUTPUTS, dot } from '../examples.js';
import type { DotProductExample } from '../ops/dot-product.js';

const DENSE_SHAPES = [
  [1],
  [7],
  [5, 1],
  [5, 7],
  [3, 1, 1],
  [3, 5, 7],
  [2, 1, 1, 7],
  [2, 3, 1, 1],
  [2, 1, 5, 7],
  [2, 3, 5, 7],
];

const alibi: BiasSpec = { kind: 'alibi', align: 'bottom-right' };
const relative: BiasSpec = { kind: 'relativePosition', rows: 3, reach: 2, align: 'bottom-right' };
const dense: BiasSpec = { kind: 'dense', shape: [3, 5, 7] };

const BIASES: Readonly<Record<string, BiasSpec>> = {
  ...Object.fromEntries(DENSE_SHAPES.map((shape) => [`dense-${shape.join('-')}`, { kind: 'dense', shape } as const])),
  'dense-minus-infinity': { kind: 'dense', shape: [3, 5, 7], masked: 0.4 },
  'dense-minus-infinity-broadcast': { kind: 'dense', shape: [2, 1, 1, 7], masked: 0.4 },
  'dense-minus-infinity-rows': { kind: 'dense', shape: [5, 7], emptyRows: [0, 4] },
  'dense-minus-infinity-everywhere': { kind: 'dense', shape: [5, 7], masked: 1 },
  alibi,
  'alibi-top-left': { kind: 'alibi', align: 'top-left' },
  'alibi-slopes': { kind: 'alibi', slopes: [0.5, 1, -0.25], align: 'top-left' },
  'alibi-offset': { kind: 'alibi', offset: 3 },
  'alibi-offsets': { kind: 'alibi', offset: [-2, 4] },
  relative,
  'relative-shared': { kind: 'relativePosition', rows: 1, reach: 2, align: 'bottom-right' },
  'relative-reach0': { kind: 'relativePosition', rows: 3, reach: 0, align: 'top-left' },
  'relative-reach20': { kind: 'relativePosition', rows: 3, reach: 20, align: 'top-left' },
  'relative-offset-negative': { kind: 'relativePosition', rows: 3, reach: 2, offset: -3 },
  'relative-offsets': { kind: 'relativePosition', rows: 3, reach: 2, offset: [-1, 3] },
  'dense+alibi': { kind: 'sum', biases: [dense, alibi] },
  'dense+relative': { kind: 'sum', biases: [dense, relative] },
  'alibi+relative': { kind: 'sum', biases: [alibi, relative] },
  'dense+alibi+relative': { kind: 'sum', biases: [dense, { kind: 'sum', biases: [alibi, relative] }] },
  'sum-of-nothing': { kind: 'sum', biases: [] },
};

const EXTRAS: Readonly<Record<string, Partial<DotProductExample>>> = {
  'dense-under-mask': { bias: dense, mask: { kind: 'dense', shape: [2, 1, 5, 7], attended: 0.6 } },
  'dense-after-cap': { bias: dense, softCap: 0.5, magnitude: { query: 3 } },
  'dense-not-scaled': { bias: dense, scale: 0.1 },
  'minus-infinity-and-mask': {
    bias: { kind: 'dense', shape: [3, 5, 7], masked: 0.3 },
    mask: { kind: 'dense', shape: [5, 7], attended: 0.6 },
    softCap: 2,
  },
  'alibi-causal': { bias: alibi, causal: { align: 'bottom-right' } },
  'relative-causal-padding': {
    bias: relative,
    causal: { align: 'bottom-right' },
    mask: { kind: 'padding', lengths: [6, 2] },
  },
};

const long = { batch: 1, queries: 70, keys: 67, width: 3, valueWidth: 2, heads: 2, keyHeads: 2 } as const;

export const bias: readonly AgreementCase[] = [
  ...Object.entries(BIASES).map(([name, bias]) =>
    agreement('bias', `dot/${name}`, dot({ bias, outputs: ALL_OUTPUTS })),
  ),
  ...Object.entries(EXTRAS).map(([name, extra]) =>
    agreement('bias', `dot/${name}`, dot({ ...extra, outputs: ALL_OUTPUTS })),
  ),
  // The paper's slopes depend on whether the number of heads is a power of two.
  ...[1, 2, 4, 6, 12].map((heads) =>
    agreement('bias', `dot/alibi-h${heads}`, dot({ heads, keyHeads: heads, bias: alibi, outputs: ['weights'] })),
  ),
  agreement(
    'bias',
    'dot/b3-h3/axes-bqk',
    dot({ batch: 3, bias: { kind: 'dense', shape: [3, 5, 7], axes: 'bqk' }, outputs: ALL_OUTPUTS }),
  ),
  agreement(
    'bias',
    'dot/b3-h3/axes-bh',
    dot({ batch: 3, bias: { kind: 'dense', shape: [3, 3], axes: 'bh' }, outputs: ALL_OUTPUTS }),
  ),
  agreement('bias', 'dot/tq70-tk67/dense', dot({ ...long, bias: { kind: 'dense', shape: [2, 70, 67], masked: 0.1 } })),
  agreement('bias', 'dot/tq70-tk67/alibi', dot({ ...long, bias: alibi })),
  agreement(
    'bias',
    'dot/tq70-tk67/relative',
    dot({ ...long, bias: { kind: 'relativePosition', rows: 2, reach: 9, align: 'bottom-right' } }),
  ),
];
