import type { AdditiveAttentionRequest, DotProductAttentionRequest, WeightedContextRequest } from '@heed/core';
import { isSame, type Size } from '../sizes.js';
import type { TensorType, TracedNode } from '../traced.js';
import { castTo } from './elementwise.js';
import type { Call, Kernels, Operand } from './kernel.js';
import { expand } from './layout.js';
import { sightOf, type Sight } from './sight.js';

type Request = DotProductAttentionRequest | AdditiveAttentionRequest;

/** Heed's ops of attention, under their own names: ONNX's `Attention`, or a softmax between products. @see https://onnx.ai/onnx/operators/onnx__Attention.html */
export const ATTENTION_KERNELS: Kernels = {
  dotProductAttention: {
    infer: (_, { request }) => outputTypes(request as Request, [(request as DotProductAttentionRequest).heads]),
    write(call) {
      const [, , keys] = call.input('key').shape;
      const sight = sightOf(call, { queries: call.outputs[0].shape[2], keys });
      if (isOneNode(call, sight, keys)) return [attention(call, sight), '', ''];
      return throughWeights(call, dotProducts(call), sight, call.input('value'));
    },
  },
  additiveAttention: {
    infer: (_, { request }) => outputTypes(request as Request, []),
    write(call) {
      const { write } = call;
      const [, queries] = call.outputs[0].shape;
      const [, keys] = call.input('key').shape;
      const [query, key] = [
        write.op('Unsqueeze', [call.input('query').name, write.integers([1, 3])]),
        write.op('Unsqueeze', [call.input('key').name, write.integers([1, 2])]),
      ];
      const energies = write.op('Tanh', [write.op('Add', [query, key])]); // [B, 1, Tq, Tk, U]
      const column = write.op('Unsqueeze', [call.input('vector').name, write.integers([1])]);
      const scores = write.op('Squeeze', [write.op('MatMul', [energies, column]), write.integers([4])]);
      const value = call.input('value');
      const single = keys.map(() => 1);
      const values: Operand = {
        name: write.op('Unsqueeze', [value.name, write.integers([1])]),
        shape: [value.shape[0], single, ...value.shape.slice(1)],
        dtype: 'float32',
      };
      const made = throughWeights(call, scores, sightOf(call, { queries, keys }), values);
      return made.map((name) => (name === '' ? '' : write.op('Squeeze', [name, write.integers([1])])));
    },
  },
  weightedContext: {
    infer(_, { request }) {
      const { batch, heads, queries, keys, valueWidth } = request as WeightedContextRequest;
      return [
        { shape: [batch, heads, queries, valueWidth], dtype: 'float32' },
        { shape: [batch, heads, queries, keys], dtype: 'float32' },
      ];
    },
    write(call) {
      const [, , queries, keys] = call.outputs[1].shape;
      const weights = weightsOf(call, call.input('scores').name, sightOf(call, { queries, keys }));
      return [call.write.op('MatMul', [weights, call.input('value').name]), weights];
    },
  },
};

/** Context, logSumExp, remainder and, when asked for, weights. */
function outputTypes(
  { batch, queries, keys, valueWidth, returnWeights }: Request,
  heads: readonly number[],
): TensorType[] {
  const rows = [batch, ...heads, queries];
  return [
    { shape: rows.concat(valueWidth), dtype: 'float32' },
    { shape: rows, dtype: 'float32' },
    { shape: rows, dtype: 'float32' },
    ...(returnWeights ? [{ shape: rows.concat(keys), dtype: 'float32' } as const] : []),
  ];
}

const dotRequestOf = ({ attributes }: TracedNode): DotProductAttentionRequest =>
  attributes['request'] as DotProductAttentionRequest;

const softCapOf = (call: Call): number | null => call.same('softCap', (node) => dotRequestOf(node).softCap);
const scaleOf = (call: Call): number => call.same('scale', (node) => dotRequestOf(node).scale);

/**
 * Whether `Attention` does it: it gives a context alone, runtimes disagree on whether a soft cap or a mask comes first, and ONNX Runtime's wants a
 * position.
 */
function isOneNode(call: Call, { mask }: Sight, keys: Size): boolean {
  const isContextAlone = call.outputs.every((_, n) => n === 0 || !call.isUsed(n));
  const isCapped = softCapOf(call) !== null && (mask !== undefined || call.has('bias'));
  return isContextAlone && !isCapped && call.write.least('a number of positions', keys) > 0;
}

function attention(call: Call, sight: Sight): string {
  const { write } = call;
  const { isTriangle, hasEmptyRows } = sight;
  const mask = isTriangle ? undefined : sight.mask;
  const inputs = ['query', 'key', 'value'].map((name) => call.input(name).name);
  const softCap = softCapOf(call);
  const attended = write.op('Attention', [...inputs, ...added(call, mask)], {
    scale: { float: scaleOf(call) },
    ...(isTriangle && { is_causal: 1 }),
    ...(softCap !== null && { softcap: { float: softCap } }),
  });
  if (mask === undefined || !hasEmptyRows) return attended;
  const any = write.op('ReduceMax', [castTo('int32', mask, call), write.integers([-1])], { keepdims: 1 });
  const isAny = castTo('bool', { name: any, dtype: 'int32' }, call);
  return write.op('Where', [isAny, attended, write.scalar('float32', 0)]);
}

/** The one tensor that `Attention` takes of a bias and a mask, as large as the scores but for batch and heads. */
function added(call: Call, mask: Operand | undefined): string[] {
  const { write } = call;
  const bias = call.has('bias') ? call.input('bias') : undefined;
  const [, , queries] = call.outputs[0].shape;
  const [, , keys] = call.input('key').shape;
  const whole = (x: Operand): string => expand(call, x, [x.shape[0], x.shape[1], queries, keys]);
  if (bias === undefined) return mask === undefined ? [] : [whole(mask)];
  return [write.op('Where', [whole(mask!), whole(bias), write.scalar('float32', -Infinity)])];
}

/** Scores with scale, soft cap and bias, [B, Hq, Tq, Tk]. */
function dotProducts(call: Call): string {
  const { write } = call;
  const [batch, heads, queries] = call.outputs[0].shape;
  const key = call.input('key');
  const turned = write.op('Transpose', [key.name], { perm: [0, 1, 3, 2] });
  const query = write.op('Mul', [call.input('query').name, write.scalar('float32', scaleOf(call))]);
  let scores = grouped(
    call,
    { name: query, shape: call.input('query').shape, dtype: 'float32' },
    key.shape[1],
    turned,
    [batch, heads, queries, key.shape[2]],
  );
  const softCap = softCapOf(call);
  if (softCap !== null) {
    const cap = write.scalar('float32', softCap);
    scores = write.op('Mul', [write.op('Tanh', [write.op('Div', [scores, cap])]), cap]);
  }
  return call.has('bias') ? write.op('Add', [scores, call.input('bias').name]) : scores;
}

/** left [B, Hq, Tq, X] · right [B, Hk, X, Y], where adjacent heads share one: of `shape`. */
function grouped(call: Call, left: Operand, keyHeads: Size, right: string, shape: readonly Size[]): string {
  const { write } = call;
  const [batch, heads, queries, width] = left.shape;
  if (isSame(heads, keyHeads)) return write.op('MatMul', [left.name, right]);
  const rows = queries.map((n, trace) => (heads[trace] / keyHeads[trace]) * n);
  const shaped = (x: string, sizes: readonly Size[]): string =>
    write.op('Reshape', [x, write.sizes('a size of attention', sizes)]);
  return shaped(write.op('MatMul', [shaped(left.name, [batch, keyHeads, rows, width]), right]), shape);
}

/** Outputs by the softmax of scores [B, H, Tq, Tk]; value is [B, Hk, Tk, Dv]. */
function throughWeights(call: Call, scores: string, sight: Sight, value: Operand): string[] {
  const weights = weightsOf(call, scores, sight);
  const [batch, keyHeads, keys, width] = value.shape;
  const of = call.outputs[0].shape;
  const [heads, queries] = of.length === 4 ? [of[1], of[2]] : [keyHeads, of[1]];
  const operand: Operand = { name: weights, shape: [batch, heads, queries, keys], dtype: 'float32' };
  const context = grouped(call, operand, keyHeads, value.name, [batch, heads, queries, width]);
  return [
    context,
    call.isUsed(1) ? logSumExp(call, scores, sight) : '',
    '',
    ...(call.outputs.length > 3 ? [weights] : []),
  ];
}

/** Softmax of the scores, 0 where masked; a row in which all is masked is 0. */
function weightsOf({ write }: Call, scores: string, { mask, hasEmptyRows }: Sight): string {
  if (mask === undefined) return write.op('Softmax', [scores], { axis: -1 });
  // Not −∞: a row of nothing else has no softmax.
  const open = write.op('Where', [mask.name, scores, write.scalar('float32', LOWEST)]);
  const weights = write.op('Softmax', [open], { axis: -1 });
  return hasEmptyRows ? write.op('Where', [mask.name, weights, write.scalar('float32', 0)]) : weights;
}

/** The lowest number of float32. */
const LOWEST = -(2 - 2 ** -23) * 2 ** 127;

/** log Σ exp of the scores that take part. */
function logSumExp({ write }: Call, scores: string, { mask }: Sight): string {
  const open = mask ? write.op('Where', [mask.name, scores, write.scalar('float32', -Infinity)]) : scores;
  return write.op('ReduceLogSumExp', [open, write.integers([-1])], { keepdims: 0 });
}
