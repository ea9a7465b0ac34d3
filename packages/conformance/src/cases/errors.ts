import type { ErrorCode } from '@heed/core';
import type { ErrorCase, MalformedCall } from '../case.js';
import type { Example } from '../example.js';
import { testedAdditive } from '../ops/additive.js';
import { examplesOf, type TestedOp } from '../ops/define.js';
import { testedDotProduct } from '../ops/dot-product.js';
import { testedLinear } from '../ops/linear.js';
import { testedWeighted } from '../ops/weighted.js';

type Rest = Partial<Omit<MalformedCall, 'op'>>;

/** Correct calls, of which each case spoils one thing. */
const dot = spoiled('dot', testedDotProduct, { heads: 4, keyHeads: 2, width: 3 });
const additive = spoiled('additive', testedAdditive, { units: 3 });
const weighted = spoiled('weighted', testedWeighted, {});
const linear = spoiled('linear', testedLinear, { heads: 4, keyHeads: 2, width: 3 });

const shape = (...axes: number[]): { shape: number[] } => ({ shape: axes });

export const errors: readonly ErrorCase[] = [
  // Ranks
  dot('query-rank3', 'SHAPE_MISMATCH', { tensors: { query: shape(4, 5, 3) } }),
  dot('query-rank5', 'SHAPE_MISMATCH', { tensors: { query: shape(1, 2, 4, 5, 3) } }),
  dot('key-rank3', 'SHAPE_MISMATCH', { tensors: { key: shape(2, 7, 3) } }),
  dot('value-rank2', 'SHAPE_MISMATCH', { tensors: { value: shape(7, 6) } }),
  additive('query-rank2', 'SHAPE_MISMATCH', { tensors: { query: shape(5, 3) } }),
  additive('vector-rank2', 'SHAPE_MISMATCH', { tensors: { vector: shape(3, 1) } }),
  additive('value-rank4', 'SHAPE_MISMATCH', { tensors: { value: shape(2, 1, 7, 6) } }),
  weighted('scores-rank1', 'SHAPE_MISMATCH', { tensors: { scores: shape(7), value: shape(7) } }),
  weighted('value-rank3', 'SHAPE_MISMATCH', { tensors: { value: shape(3, 7, 6) } }),

  // Axes that must agree
  dot('batch-of-key', 'SHAPE_MISMATCH', { tensors: { key: shape(1, 2, 7, 3) } }),
  dot('batch-of-value', 'SHAPE_MISMATCH', { tensors: { value: shape(3, 2, 7, 6) } }),
  dot('heads-of-value', 'SHAPE_MISMATCH', { tensors: { value: shape(2, 4, 7, 6) } }),
  dot('key-heads-do-not-divide', 'SHAPE_MISMATCH', { tensors: { key: shape(2, 3, 7, 3), value: shape(2, 3, 7, 6) } }),
  dot('more-key-heads', 'SHAPE_MISMATCH', { tensors: { key: shape(2, 8, 7, 3), value: shape(2, 8, 7, 6) } }),
  dot('key-heads-0', 'SHAPE_MISMATCH', { tensors: { key: shape(2, 0, 7, 3), value: shape(2, 0, 7, 6) } }),
  dot('width', 'SHAPE_MISMATCH', { tensors: { key: shape(2, 2, 7, 4) } }),
  dot('width-0', 'SHAPE_MISMATCH', { tensors: { query: shape(2, 4, 5, 0), key: shape(2, 2, 7, 0) } }),
  dot('keys-of-value', 'SHAPE_MISMATCH', { tensors: { value: shape(2, 2, 8, 6) } }),
  additive('batch', 'SHAPE_MISMATCH', { tensors: { key: shape(3, 7, 3) } }),
  additive('units-of-key', 'SHAPE_MISMATCH', { tensors: { key: shape(2, 7, 4) } }),
  additive('units-of-vector', 'SHAPE_MISMATCH', { tensors: { vector: shape(4) } }),
  additive('units-0', 'SHAPE_MISMATCH', {
    tensors: { query: shape(2, 5, 0), key: shape(2, 7, 0), vector: shape(0) },
  }),
  additive('keys-of-value', 'SHAPE_MISMATCH', { tensors: { value: shape(2, 6, 6) } }),
  weighted('leading', 'SHAPE_MISMATCH', { tensors: { value: shape(2, 4, 7, 6) } }),
  weighted('keys', 'SHAPE_MISMATCH', { tensors: { value: shape(2, 3, 5, 6) } }),

  // Types
  dot('query-int32', 'DTYPE_UNSUPPORTED', { tensors: { query: { shape: [2, 4, 5, 3], dtype: 'int32' } } }),
  dot('key-int32', 'DTYPE_UNSUPPORTED', { tensors: { key: { shape: [2, 2, 7, 3], dtype: 'int32' } } }),
  dot('value-bool', 'DTYPE_UNSUPPORTED', { tensors: { value: { shape: [2, 2, 7, 6], dtype: 'bool' } } }),
  dot('mask-float32', 'DTYPE_UNSUPPORTED', { tensors: { mask: shape(5, 7) } }),
  dot('mask-int32', 'DTYPE_UNSUPPORTED', { tensors: { mask: { shape: [5, 7], dtype: 'int32' } } }),
  dot('bias-bool', 'DTYPE_UNSUPPORTED', { tensors: { bias: { shape: [5, 7], dtype: 'bool' } } }),
  dot('table-int32', 'DTYPE_UNSUPPORTED', { tensors: { table: { shape: [4, 5], dtype: 'int32' } } }),
  additive('vector-int32', 'DTYPE_UNSUPPORTED', { tensors: { vector: { shape: [3], dtype: 'int32' } } }),
  additive('mask-float32', 'DTYPE_UNSUPPORTED', { tensors: { mask: shape(5, 7) } }),
  weighted('scores-int32', 'DTYPE_UNSUPPORTED', { tensors: { scores: { shape: [2, 3, 5, 7], dtype: 'int32' } } }),
  weighted('value-int32', 'DTYPE_UNSUPPORTED', { tensors: { value: { shape: [2, 3, 7, 6], dtype: 'int32' } } }),

  // Options
  dot('option-slip', 'UNKNOWN_OPTION', { options: { casual: true } }),
  dot('option-of-another-library', 'UNKNOWN_OPTION', { options: { isCausal: true } }),
  dot('option-of-another-op', 'UNKNOWN_OPTION', { options: { normalizer: 'hard' } }),
  additive('option-slip', 'UNKNOWN_OPTION', { options: { returnWeight: true } }),
  additive('option-of-another-op', 'UNKNOWN_OPTION', { options: { scale: 1 } }),
  weighted('option-slip', 'UNKNOWN_OPTION', { options: { normaliser: 'hard' } }),
  dot('alignment-slip', 'UNKNOWN_OPTION', { options: { causal: { alignment: 'top-left' } } }),
  dot('dropout-slip', 'UNKNOWN_OPTION', { options: { dropout: { rate: 0.5, seed: 1, p: 0.5 } } }),
  dot('mask-slip', 'UNKNOWN_OPTION', { options: { mask: { kind: 'causal', ofset: 1 } } }),
  dot('bias-slip', 'UNKNOWN_OPTION', { options: { bias: { kind: 'alibi', slope: [1, 1, 1, 1], align: 'top-left' } } }),
  ...['scale', 'softCap', 'bias', 'mask', 'causal', 'dropout', 'returnWeights', 'returnLogSumExp'].map((name) =>
    dot(`null-${name}`, 'INVALID_ARGUMENT', { options: { [name]: null } }),
  ),
  additive('null-mask', 'INVALID_ARGUMENT', { options: { mask: null } }),
  weighted('null-normalizer', 'INVALID_ARGUMENT', { options: { normalizer: null } }),
  ...[0, 1, NaN, '', 'top-left'].map((causal) =>
    dot(`causal-${causal === '' ? 'empty' : causal}`, 'INVALID_ARGUMENT', { options: { causal } }),
  ),
  additive('causal-0', 'INVALID_ARGUMENT', { options: { causal: 0 } }),
  weighted('causal-0', 'INVALID_ARGUMENT', { options: { causal: 0 } }),
  dot('dropout-number', 'INVALID_ARGUMENT', { options: { dropout: 0.1 } }),
  dot('weights-1', 'INVALID_ARGUMENT', { options: { returnWeights: 1 } }),
  additive('log-sum-exp-text', 'INVALID_ARGUMENT', { options: { returnLogSumExp: 'yes' } }),

  // Disposed
  dot('query-disposed', 'DISPOSED', { disposed: ['query'] }),
  dot('value-disposed', 'DISPOSED', { disposed: ['value'] }),
  dot('mask-disposed', 'DISPOSED', { tensors: { mask: { shape: [5, 7], dtype: 'bool' } }, disposed: ['mask'] }),
  dot('bias-disposed', 'DISPOSED', { tensors: { bias: shape(5, 7) }, disposed: ['bias'] }),
  dot('table-disposed', 'DISPOSED', { tensors: { table: shape(4, 5) }, disposed: ['table'] }),
  additive('vector-disposed', 'DISPOSED', { disposed: ['vector'] }),
  weighted('scores-disposed', 'DISPOSED', { disposed: ['scores'] }),

  // Numbers
  ...[NaN, Infinity].map((scale) => dot(`scale-${scale}`, 'INVALID_ARGUMENT', { options: { scale } })),
  ...[0, -1, NaN, Infinity].map((softCap) => dot(`cap-${softCap}`, 'INVALID_ARGUMENT', { options: { softCap } })),
  ...[-0.1, 1, 1.5, NaN].map((rate) =>
    dot(`dropout-rate-${rate}`, 'INVALID_ARGUMENT', { options: { dropout: { rate, seed: 1 } } }),
  ),
  ...[-1, 0.5, NaN, 2 ** 53].map((seed) =>
    dot(`dropout-seed-${seed}`, 'INVALID_ARGUMENT', { options: { dropout: { rate: 0.5, seed } } }),
  ),
  additive('dropout-rate-1', 'INVALID_ARGUMENT', { options: { dropout: { rate: 1, seed: 1 } } }),
  weighted('dropout-seed-negative', 'INVALID_ARGUMENT', { options: { dropout: { rate: 0.5, seed: -1 } } }),
  weighted('normalizer-unknown', 'UNKNOWN_NAME', { options: { normalizer: 'softermax' } }),

  // Alignments
  dot('causal-needs-alignment', 'ALIGNMENT_REQUIRED', { options: { causal: true } }),
  additive('causal-needs-alignment', 'ALIGNMENT_REQUIRED', { options: { causal: true } }),
  weighted('causal-needs-alignment', 'ALIGNMENT_REQUIRED', { options: { causal: true } }),
  dot('causal-mask-needs-alignment', 'ALIGNMENT_REQUIRED', { mask: { kind: 'causal' } }),
  dot('window-needs-alignment', 'ALIGNMENT_REQUIRED', { mask: { kind: 'slidingWindow', left: 1 } }),
  dot('alibi-needs-alignment', 'ALIGNMENT_REQUIRED', { bias: { kind: 'alibi' } }),
  dot('relative-needs-alignment', 'ALIGNMENT_REQUIRED', { bias: { kind: 'relativePosition', rows: 4, reach: 2 } }),
  dot('align-unknown', 'INVALID_ARGUMENT', { options: { causal: { align: 'bottom-left' } } }),
  dot('align-and-offset', 'INVALID_ARGUMENT', { mask: { kind: 'causal', align: 'top-left', offset: 1 } }),
  dot('offset-fraction', 'INVALID_ARGUMENT', { mask: { kind: 'causal', offset: 0.5 } }),
  dot('offset-huge', 'INVALID_ARGUMENT', { mask: { kind: 'causal', offset: 2 ** 40 } }),
  dot('offsets-count', 'SHAPE_MISMATCH', { mask: { kind: 'causal', offset: [0, 1, 2] } }),

  // Masks
  dot('padding-count', 'SHAPE_MISMATCH', { mask: { kind: 'padding', lengths: [1, 2, 3] } }),
  dot('padding-negative', 'INVALID_ARGUMENT', { mask: { kind: 'padding', lengths: [1, -1] } }),
  dot('padding-too-long', 'INVALID_ARGUMENT', { mask: { kind: 'padding', lengths: [1, 8] } }),
  dot('padding-fraction', 'INVALID_ARGUMENT', { mask: { kind: 'padding', lengths: [1, 1.5] } }),
  additive('padding-count', 'SHAPE_MISMATCH', { mask: { kind: 'padding', lengths: [1] } }),
  weighted('padding-too-long', 'INVALID_ARGUMENT', { mask: { kind: 'padding', lengths: [1, 8] } }),
  dot('window-left-negative', 'INVALID_ARGUMENT', { mask: { kind: 'slidingWindow', left: -1, align: 'top-left' } }),
  dot('window-right-fraction', 'INVALID_ARGUMENT', { mask: { kind: 'slidingWindow', right: 0.5, align: 'top-left' } }),
  dot('segments-batch', 'SHAPE_MISMATCH', {
    mask: { kind: 'segments', query: [[0, 0, 0, 0, 0]], key: [[0, 0, 0, 0, 0, 0, 0]] },
  }),
  dot('segments-length', 'SHAPE_MISMATCH', {
    mask: {
      kind: 'segments',
      query: [
        [0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0],
      ],
    },
  }),
  dot('mask-shape', 'SHAPE_MISMATCH', { tensors: { mask: { shape: [7, 5], dtype: 'bool' } } }),
  dot('mask-heads', 'SHAPE_MISMATCH', { tensors: { mask: { shape: [2, 5, 7], dtype: 'bool' } } }),
  dot('mask-batch', 'SHAPE_MISMATCH', { tensors: { mask: { shape: [2, 7], dtype: 'bool' } } }),
  ...(['mask', 'bias'] as const).map((name) =>
    dot(`${name}-of-batch-or-heads`, 'AXES_REQUIRED', {
      tensors: {
        query: shape(2, 2, 5, 3),
        [name]: { shape: [2, 5, 7], dtype: name === 'mask' ? 'bool' : 'float32' },
      },
    }),
  ),
  weighted('mask-of-batch-or-heads', 'AXES_REQUIRED', {
    tensors: { scores: shape(2, 2, 5, 7), value: shape(2, 2, 7, 6), mask: { shape: [2, 1, 7], dtype: 'bool' } },
  }),
  dot('axes-unknown', 'INVALID_ARGUMENT', {
    mask: { kind: 'dense', shape: [2, 5, 7], axes: 'bij' as never, attended: 1 },
  }),
  dot('axes-in-another-order', 'INVALID_ARGUMENT', {
    mask: { kind: 'dense', shape: [5, 2, 7], axes: 'qbk' as never, attended: 1 },
  }),
  dot('axes-too-few', 'SHAPE_MISMATCH', { mask: { kind: 'dense', shape: [2, 5, 7], axes: 'qk', attended: 1 } }),
  dot('axes-of-another-length', 'SHAPE_MISMATCH', {
    mask: { kind: 'dense', shape: [2, 5, 7], axes: 'hqk', attended: 1 },
  }),
  dot('mask-rank5', 'SHAPE_MISMATCH', { tensors: { mask: { shape: [1, 1, 1, 5, 7], dtype: 'bool' } } }),
  additive('mask-heads', 'SHAPE_MISMATCH', { tensors: { mask: { shape: [2, 2, 5, 7], dtype: 'bool' } } }),
  weighted('mask-shape', 'SHAPE_MISMATCH', { tensors: { mask: { shape: [6, 7], dtype: 'bool' } } }),
  dot('mask-unknown', 'INVALID_ARGUMENT', { options: { mask: { kind: 'diagonal' } } }),
  dot('mask-not-a-mask', 'INVALID_ARGUMENT', { options: { mask: true } }),

  // Biases
  dot('bias-shape', 'SHAPE_MISMATCH', { tensors: { bias: shape(7, 5) } }),
  dot('bias-rank5', 'SHAPE_MISMATCH', { tensors: { bias: shape(1, 1, 1, 5, 7) } }),
  dot('alibi-slopes-count', 'SHAPE_MISMATCH', { bias: { kind: 'alibi', slopes: [1, 2], align: 'top-left' } }),
  dot('alibi-slopes-nan', 'NOT_FINITE', { bias: { kind: 'alibi', slopes: [1, NaN, 1, 1], align: 'top-left' } }),
  dot('relative-rows', 'SHAPE_MISMATCH', { tensors: { table: shape(3, 5) } }),
  dot('relative-even', 'SHAPE_MISMATCH', { tensors: { table: shape(4, 4) } }),
  dot('two-dense-biases', 'INVALID_ARGUMENT', {
    bias: {
      kind: 'sum',
      biases: [
        { kind: 'dense', shape: [5, 7] },
        { kind: 'dense', shape: [7] },
      ],
    },
  }),
  dot('bias-unknown', 'INVALID_ARGUMENT', { options: { bias: { kind: 'slope' } } }),

  // States, decays and strengths
  linear('query-rank3', 'SHAPE_MISMATCH', { tensors: { query: shape(4, 5, 3) } }),
  linear('key-heads-do-not-divide', 'SHAPE_MISMATCH', {
    tensors: { key: shape(2, 3, 5, 3), value: shape(2, 3, 5, 6) },
  }),
  linear('steps-of-key', 'SHAPE_MISMATCH', { tensors: { key: shape(2, 2, 4, 3), value: shape(2, 2, 4, 6) } }),
  linear('width', 'SHAPE_MISMATCH', { tensors: { key: shape(2, 2, 5, 4) } }),
  linear('width-0', 'SHAPE_MISMATCH', { tensors: { query: shape(2, 4, 5, 0), key: shape(2, 2, 5, 0) } }),
  linear('query-int32', 'DTYPE_UNSUPPORTED', { tensors: { query: { shape: [2, 4, 5, 3], dtype: 'int32' } } }),
  linear('query-disposed', 'DISPOSED', { disposed: ['query'] }),
  ...[[2, 4, 5, 3], [2, 2, 5, 2], [2, 2, 4], [4], [2, 2], []].map((axes) =>
    linear(`decay-${axes.join('-') || 'scalar'}`, 'SHAPE_MISMATCH', { tensors: { logDecay: shape(...axes) } }),
  ),
  linear('decay-int32', 'DTYPE_UNSUPPORTED', { tensors: { logDecay: { shape: [2], dtype: 'int32' } } }),
  linear('decay-disposed', 'DISPOSED', { tensors: { logDecay: shape(2) }, disposed: ['logDecay'] }),
  linear('beta-of-query-heads', 'SHAPE_MISMATCH', { tensors: { beta: shape(2, 4, 5) } }),
  linear('beta-rank4', 'SHAPE_MISMATCH', { tensors: { beta: shape(2, 2, 5, 1) } }),
  linear('state-of-query-heads', 'SHAPE_MISMATCH', { tensors: { initialState: shape(2, 4, 3, 6) } }),
  linear('state-transposed', 'SHAPE_MISMATCH', { tensors: { initialState: shape(2, 2, 6, 3) } }),
  linear('state-without-normalizer', 'INVALID_ARGUMENT', {
    tensors: { initialState: shape(2, 2, 3, 6) },
    options: { normalize: true },
  }),
  linear('normalizer-without-state', 'INVALID_ARGUMENT', {
    tensors: { initialNormalizer: shape(2, 2, 3) },
    options: { normalize: true },
  }),
  linear('normalizer-unused', 'INVALID_ARGUMENT', { tensors: { initialNormalizer: shape(2, 2, 3) } }),
  linear('normalized-delta', 'INVALID_ARGUMENT', { tensors: { beta: shape(2, 2, 5) }, options: { normalize: true } }),
  linear('normalized-scale', 'INVALID_ARGUMENT', { options: { normalize: true, scale: 1 } }),
  linear('bidirectional-decay', 'INVALID_ARGUMENT', { tensors: { logDecay: shape(2) }, options: { causal: false } }),
  linear('bidirectional-delta', 'INVALID_ARGUMENT', { tensors: { beta: shape(2, 2, 5) }, options: { causal: false } }),
  linear('lengths-count', 'INVALID_ARGUMENT', { options: { lengths: [5] } }),
  linear('lengths-too-long', 'INVALID_ARGUMENT', { options: { lengths: [5, 6] } }),
  linear('lengths-negative', 'INVALID_ARGUMENT', { options: { lengths: [5, -1] } }),
  linear('lengths-fraction', 'INVALID_ARGUMENT', { options: { lengths: [5, 0.5] } }),
  linear('lengths-number', 'INVALID_ARGUMENT', { options: { lengths: 5 } }),
  linear('option-slip', 'UNKNOWN_OPTION', { options: { logdecay: 1 } }),
  linear('option-of-another-op', 'UNKNOWN_OPTION', { options: { dropout: { rate: 0.5, seed: 1 } } }),
  linear('scale-NaN', 'INVALID_ARGUMENT', { options: { scale: NaN } }),
  linear('causal-alignment', 'INVALID_ARGUMENT', { options: { causal: { align: 'top-left' } } }),
  ...['logDecay', 'beta', 'normalize', 'scale', 'causal', 'lengths', 'initialState', 'returnState'].map((name) =>
    linear(`null-${name}`, 'INVALID_ARGUMENT', { options: { [name]: null } }),
  ),
];

function spoiled<E extends Example>(
  short: string,
  op: TestedOp<E>,
  sizes: Partial<E>,
): (name: string, code: ErrorCode, rest: Rest) => ErrorCase {
  const correct = examplesOf(op)(sizes);
  const inputs = Object.entries(op.inputs(correct)).map(([input, shape]) => [input, { shape }]);
  return (name, code, { tensors, ...rest }) => ({
    kind: 'error',
    id: `errors/${short}/${name}`,
    group: 'errors',
    code,
    call: { op: correct.op, tensors: { ...Object.fromEntries(inputs), ...tensors }, ...rest },
  });
}
