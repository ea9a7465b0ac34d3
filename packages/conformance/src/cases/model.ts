import type { ModelOpName } from '@heed/core/model-ops';
import type { ModelCase } from '../case.js';
import type { Drawing, ModelExample, ModelOptions } from '../model/example.js';
import { hashOf } from '../random.js';

type Shape = readonly number[];

function one<Name extends ModelOpName>(
  op: Name,
  name: string,
  shapes: Readonly<Record<string, Shape | readonly Shape[]>>,
  options: ModelOptions[Name],
  draw?: Readonly<Record<string, Drawing>>,
): ModelCase {
  const id = `model/${op}/${name}`;
  const example = { op, shapes, options, ...(draw && { draw }) } as ModelExample;
  return { kind: 'model', id, group: 'model', example, seed: hashOf(id) };
}

const times = (count: number, shape: Shape): Shape[] => Array.from({ length: count }, () => shape);

/** One, and around the lanes of a vector and a block of them. */
const WIDTHS = [1, 3, 4, 6, 33] as const;
const SOME_ACTIVE = { active: [1, 0, 1] };

const lstm = (rows: number, units: number, terms = 1) => ({
  terms: times(terms, [rows, 4 * units]),
  state: [rows, 2 * units],
});
const reset = (rows: number, units: number, terms = 1) => ({
  terms: times(terms, [rows, 2 * units]),
  state: [rows, units],
});
const update = (rows: number, units: number, terms = 1) => ({
  terms: times(terms, [rows, units]),
  opened: [rows, 2 * units],
  state: [rows, units],
});
/** Gates that are open or shut. */
const FAR = { terms: { magnitude: 1000 } };
const NEAR = { terms: { magnitude: 1e-4 }, state: { magnitude: 1e-4 } };

const cells: readonly ModelCase[] = [
  ...WIDTHS.flatMap((units) => [
    one('lstmGates', `h${units}`, lstm(3, units, 2), {}),
    one('gruReset', `h${units}`, reset(3, units, 2), {}),
    one('gruUpdate', `h${units}`, update(3, units, 2), {}),
  ]),
  one('lstmGates', 'one-row', lstm(1, 5), {}),
  one('lstmGates', 'three-terms-some-active', lstm(3, 5, 3), SOME_ACTIVE),
  one('lstmGates', 'none-active', lstm(2, 4), { active: [0, 0] }),
  one('lstmGates', 'far', lstm(4, 6), {}, FAR),
  one('lstmGates', 'near', lstm(4, 6), {}, NEAR),
  one('gruReset', 'three-terms', reset(3, 5, 3), {}),
  one('gruReset', 'far', reset(4, 6), {}, FAR),
  one('gruUpdate', 'three-terms-some-active', update(3, 5, 3), SOME_ACTIVE),
  one('gruUpdate', 'none-active', update(2, 4), { active: [0, 0] }),
  one('gruUpdate', 'far', update(4, 6), {}, FAR),
];

/** Whole numbers, so that there are ties and zeros. */
const GRID = { grid: 1 } as const;

const EXACTLY = { approximate: 'none' } as const;
const BY_TANH = { approximate: 'tanh' } as const;

/** A seed above 2³², so that both words of the key count. */
const DROPPING = { rate: 0.4, seed: 2 ** 40 + 77, index: 5, name: 123_456_789 };

const layers: readonly ModelCase[] = [
  ...WIDTHS.flatMap((width) => [
    one('addBias', `w${width}`, { x: [3, width], bias: [width] }, {}),
    one('addResidual', `w${width}`, { x: [3, width], y: [3, width], bias: [width] }, {}),
    one('tanhLayer', `w${width}`, { terms: times(2, [3, width]), bias: [width] }, {}),
    one('rectifiedLayer', `w${width}`, { x: [3, width], bias: [width] }, {}),
    one('maxoutLayer', `w${width}`, { terms: times(2, [3, 2 * width]), bias: [2 * width] }, {}),
    one('squaredRelu', `w${width}`, { x: [3, width] }, {}),
    one('gelu', `w${width}`, { x: [3, width] }, EXACTLY),
    one('gelu', `tanh-w${width}`, { x: [3, width] }, BY_TANH),
    one('geluLayer', `w${width}`, { x: [3, width], bias: [width] }, EXACTLY),
    one('geluLayer', `tanh-w${width}`, { x: [3, width], bias: [width] }, BY_TANH),
    one('swish', `w${width}`, { x: [3, width] }, { beta: 1 }),
    one('dropout', `w${width}`, { x: [3, width] }, DROPPING),
    one('layerNorm', `w${width}`, { x: [3, width], gain: [width], bias: [width] }, {}),
  ]),
  one('addBias', 'many-rows', { x: [130, 3], bias: [3] }, {}),
  one('tanhLayer', 'one-term', { terms: [[4, 5]], bias: [5] }, {}),
  one('tanhLayer', 'far', { terms: [[4, 5]], bias: [5] }, {}, FAR),
  one('rectifiedLayer', 'zeros', { x: [6, 7], bias: [7] }, {}, { x: GRID, bias: GRID }),
  one('maxoutLayer', 'ties', { terms: [[6, 14]], bias: [14] }, {}, { terms: GRID, bias: GRID }),
  one('squaredRelu', 'zeros', { x: [6, 7] }, {}, { x: GRID }),
  ...[[], [2, 3, 5], [1, 2, 2, 3]].flatMap((shape) => [
    one('gelu', `rank-${shape.length}`, { x: shape }, EXACTLY),
    one('swish', `rank-${shape.length}`, { x: shape }, { beta: 1 }),
  ]),
  ...[1e-3, 3, 1e3].flatMap((magnitude) => [
    one('gelu', `times-${magnitude}`, { x: [7, 9] }, EXACTLY, { x: { magnitude } }),
    one('gelu', `tanh-times-${magnitude}`, { x: [7, 9] }, BY_TANH, { x: { magnitude } }),
    one('swish', `times-${magnitude}`, { x: [7, 9] }, { beta: 1 }, { x: { magnitude } }),
  ]),
  one('geluLayer', 'many-rows', { x: [130, 3], bias: [3] }, EXACTLY),
  one('geluLayer', 'one-row', { x: [1, 33], bias: [33] }, EXACTLY),
  one('dropout', 'few', { x: [9, 31] }, { ...DROPPING, rate: 0.05 }),
  one('dropout', 'most', { x: [9, 31] }, { ...DROPPING, rate: 0.95 }),
  one('dropout', 'none', { x: [2, 7] }, { ...DROPPING, rate: 0 }),
  one('dropout', 'rank-4', { x: [2, 3, 2, 5] }, DROPPING),
  one('swish', 'quick', { x: [7, 9] }, { beta: 1.702 }),
  one('layerNorm', 'one-row', { x: [1, 17], gain: [17], bias: [17] }, {}),
  one('layerNorm', 'far-off', { x: [4, 8], gain: [8], bias: [8] }, {}, { x: { magnitude: 1000 } }),
  one('layerNorm', 'nearly-equal', { x: [4, 8], gain: [8], bias: [8] }, {}, { x: { magnitude: 0.01 } }),
];

const IDS = [2, 0, 2, 1, 2];
const SUMS = { from: IDS, to: [1, 1, 0, 3, 1], factors: [1, 0.5, -2, 0.25, 3], rows: 4 };
const LENGTHS = [3, 1, 2];

const moving: readonly ModelCase[] = [
  ...WIDTHS.flatMap((width) => [
    one('lookup', `w${width}`, { table: [3, width] }, { ids: IDS }),
    one('lookupSums', `w${width}`, { table: [3, width] }, SUMS),
    one('firstColumns', `w${width}`, { x: [3, 2 * width] }, { count: width }),
    one('toSteps', `backward-w${width}`, { x: [3, 3, width] }, { direction: 'backward', lengths: LENGTHS }),
  ]),
  one('lookup', 'one-row-of-many', { table: [600, 5] }, { ids: [599] }),
  one('firstColumns', 'all', { x: [3, 5] }, { count: 5 }),
  one('toSteps', 'forward', { x: [3, 3, 2] }, { direction: 'forward', lengths: LENGTHS }),
  one('toSteps', 'one-step', { x: [2, 1, 2] }, { direction: 'backward', lengths: [1, 1] }),
  one('toPositions', 'forward', { states: times(3, [3, 4]) }, { directions: ['forward'], lengths: LENGTHS }),
  one('toPositions', 'backward', { states: times(3, [3, 5]) }, { directions: ['backward'], lengths: LENGTHS }),
  one('toPositions', 'both', { states: times(6, [3, 4]) }, { directions: ['forward', 'backward'], lengths: LENGTHS }),
  one(
    'toPositions',
    'one-step',
    { states: times(2, [2, 3]) },
    { directions: ['forward', 'backward'], lengths: [1, 1] },
  ),
];

/** A step of three rows, each with a fill of its own, around the lanes of a vector. */
const scatter = (width: number) => ({ cache: [3, 2, 5, width], update: [3, 2, 2, width] });

const scattering: readonly ModelCase[] = [
  ...WIDTHS.map((width) => one('tensorScatter', `w${width}`, scatter(width), { starts: [1, 0, 3] })),
  one('tensorScatter', 'circular', scatter(3), { starts: [4, 0, 3], circular: true }),
  one('tensorScatter', 'all-slots', { cache: [2, 3, 4], update: [2, 3, 4] }, { starts: [0, 2], circular: true }),
  one('tensorScatter', 'last-axis', { cache: [2, 3, 4], update: [2, 3, 2] }, { starts: [2, 1], axis: 2 }),
  one('tensorScatter', 'axis-1', { cache: [2, 6, 2, 3], update: [2, 1, 2, 3] }, { starts: [5, 0], axis: 1 }),
];

/** Two batch rows of three positions, the tables of seven. */
const turning = (pairs: number, width = 2 * pairs) => ({ x: [2, 2, 3, width], cos: [7, pairs], sin: [7, pairs] });

const LAYOUTS = ['interleaved', 'half'] as const;

const rotary: readonly ModelCase[] = [
  ...LAYOUTS.flatMap((layout) =>
    WIDTHS.map((pairs) =>
      one('rotaryEmbedding', `${layout}-w${2 * pairs}`, turning(pairs), { layout, starts: [2, 2] }),
    ),
  ),
  ...LAYOUTS.flatMap((layout) => [
    one('rotaryEmbedding', `${layout}-starts`, turning(6), { layout, starts: [4, 1] }),
    one('rotaryEmbedding', `${layout}-rows`, turning(6), { layout, rows: [6, 0, 3, 3, 1, 5] }),
    one('rotaryEmbedding', `${layout}-part`, turning(5, 13), { layout, starts: [0, 3] }),
    one('rotaryEmbedding', `${layout}-whole-table`, { x: [1, 1, 7, 4], cos: [7, 2], sin: [7, 2] }, { layout }),
    one(
      'rotaryEmbedding',
      `${layout}-one-step`,
      { x: [3, 2, 1, 8], cos: [9, 4], sin: [9, 4] },
      { layout, starts: [8, 8, 8] },
    ),
  ]),
];

/** A 3 × 3 filter on two pictures of 5 × 6, around the lanes of a vector. */
const seen = (channels: number, filters: number) => ({ x: [2, 5, 6, channels], filter: [3, 3, channels, filters] });

const convolutions: readonly ModelCase[] = [
  ...WIDTHS.map((width) => one('conv2d', `c${width}`, seen(width, 2), {})),
  ...WIDTHS.map((width) => one('conv2d', `o${width}`, seen(2, width), { padding: 'same' })),
  one('conv2d', 'same-strided', seen(3, 4), { padding: 'same', strides: 2 }),
  one('conv2d', 'padded', seen(3, 4), { padding: 2 }),
  one('conv2d', 'padded-unevenly', seen(3, 2), {
    padding: [
      [0, 3],
      [1, 0],
    ],
    strides: [1, 2],
  }),
  one('conv2d', 'rows-beyond-all-places', { x: [2, 8, 7, 2], filter: [2, 3, 2, 3] }, { strides: [3, 4] }),
  one('conv2d', 'strides-beyond-the-filter', { x: [1, 7, 7, 3], filter: [1, 2, 3, 5] }, { strides: 3 }),
  one('conv2d', 'patches', { x: [2, 8, 8, 3], filter: [4, 4, 3, 6] }, { strides: 4 }),
  one('conv2d', 'one-place', { x: [3, 3, 4, 2], filter: [3, 4, 2, 5] }, {}),
  one('conv2d', 'pointwise', { x: [2, 3, 5, 7], filter: [1, 1, 7, 4] }, {}),
  one('conv2d', 'only-zeros-seen', { x: [1, 1, 2, 2], filter: [1, 1, 2, 3] }, { padding: 2 }),
];

const TARGETS = { ids: [1, 3, 0, 2], weights: [0.5, 0.125, 0.25, 1], smoothing: 0 };
const PADDED = { ...TARGETS, weights: [0.5, 0, 0.25, 0] };
/** Two steps of three sources of V = 5: copied or generated, copied alone, generated alone; then padding, and the like. */
const COPYING = {
  sources: [
    [3, 5, 3, 6, 5],
    [2, 5],
    [4, 3, 5],
  ],
  ids: [3, 5, 1, 2, 5, 4],
  weights: [0.25, 0.125, 0.5, 0.25, 0, 1],
};
const COPY_SHAPES = { logits: [6, 5], gates: [6, 1], weights: [6, 5] };
const ATTENTION = { weights: { as: 'distribution', magnitude: 2 } } as const;
const BOTH = { weights: { as: 'distribution' }, coverage: { as: 'positive' } } as const;

const losses: readonly ModelCase[] = [
  ...WIDTHS.map((classes) =>
    one(
      'crossEntropy',
      `v${classes}`,
      { logits: [3, classes] },
      { ...PADDED, ids: [0, 0, classes - 1], weights: [1, 0.5, 2], smoothing: 0.1 },
    ),
  ),
  one('crossEntropy', 'plain', { logits: [4, 4] }, TARGETS),
  one('crossEntropy', 'padded', { logits: [4, 4] }, PADDED),
  one('crossEntropy', 'nan-in-padding', { logits: [4, 4] }, PADDED, {
    logits: { rows: { which: [1, 3], value: 'NaN' } },
  }),
  one(
    'crossEntropy',
    'infinity-in-padding',
    { logits: [4, 4] },
    { ...PADDED, smoothing: 0.1 },
    {
      logits: { rows: { which: [1, 3], value: 'Infinity' } },
    },
  ),
  one('crossEntropy', 'far', { logits: [4, 7] }, { ...TARGETS, smoothing: 0.1 }, { logits: { magnitude: 1e4 } }),
  one('crossEntropy', 'ties', { logits: [4, 7] }, TARGETS, { logits: { grid: 2 } }),
  one('crossEntropy', 'nothing-counts', { logits: [2, 3] }, { ids: [0, 1], weights: [0, 0], smoothing: 0 }),
  one('copyCrossEntropy', 'plain', COPY_SHAPES, { ...COPYING, smoothing: 0 }, ATTENTION),
  one('copyCrossEntropy', 'smoothed', COPY_SHAPES, { ...COPYING, smoothing: 0.1 }, ATTENTION),
  one(
    'copyCrossEntropy',
    'open-and-shut',
    COPY_SHAPES,
    { ...COPYING, smoothing: 0.1 },
    {
      ...ATTENTION,
      gates: { magnitude: 30 },
      logits: { magnitude: 20 },
    },
  ),
  one(
    'copyCrossEntropy',
    'nan-in-padding',
    COPY_SHAPES,
    { ...COPYING, smoothing: 0.1 },
    {
      ...ATTENTION,
      logits: { rows: { which: [4], value: 'NaN' } },
    },
  ),
  one(
    'copyCrossEntropy',
    'nothing-beyond',
    { logits: [4, 5], gates: [4, 1], weights: [4, 3] },
    {
      sources: [[1, 2, 1], [4]],
      ids: [1, 0, 3, 4],
      weights: [1, 0.5, 0.25, 1],
      smoothing: 0.1,
    },
    ATTENTION,
  ),
  one(
    'copyCrossEntropy',
    'many-words',
    { logits: [2, 70], gates: [2, 1], weights: [2, 3] },
    {
      sources: [[69, 70, 3]],
      ids: [70, 69],
      weights: [1, 1],
      smoothing: 0.05,
    },
    ATTENTION,
  ),
  one('coverageLoss', 'plain', { weights: [4, 5], coverage: [4, 5] }, { counts: [1, 0, 0.5, 0.25] }, BOTH),
  one(
    'coverageLoss',
    'ties',
    { weights: [3, 7], coverage: [3, 7] },
    { counts: [1, 0.5, 2] },
    {
      weights: GRID,
      coverage: GRID,
    },
  ),
  one('coverageLoss', 'one', { weights: [1, 1], coverage: [1, 1] }, { counts: [3] }, BOTH),
];

const STEP = { rate: 0.01, epsilon: 0.01, scale: 0.5, beta1: 0.9, beta2: 0.99 };
const SLOTS = { square: { as: 'positive' } } as const;
const alike = (shape: Shape) => ({ value: shape, gradient: shape, mean: shape, square: shape });

const optimizing: readonly ModelCase[] = [
  ...([[], [1], [3], [4], [33], [3, 5], [2, 3, 5]] as const).map((shape) =>
    one('adam', shape.length === 0 ? 'scalar' : shape.join('x'), alike(shape), STEP, SLOTS),
  ),
  one('adam', 'small-gradients', alike([7]), STEP, {
    gradient: { magnitude: 1e-3 },
    mean: { magnitude: 1e-3 },
    square: { as: 'positive', magnitude: 1e-6 },
  }),
  one('squareSum', 'one', { tensors: [[3, 5]] }, {}),
  one('squareSum', 'several', { tensors: [[3, 5], [7], [], [2, 2, 2]] }, {}),
  one('squareSum', 'many-numbers', { tensors: [[1000]] }, {}),
];

export const model: readonly ModelCase[] = [
  ...cells,
  ...layers,
  ...moving,
  ...scattering,
  ...rotary,
  ...convolutions,
  ...losses,
  ...optimizing,
];
