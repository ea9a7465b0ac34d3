import type { DotProductAttentionRequest } from '@heed/core';
import { isConstant, isSame, type Size } from '../sizes.js';
import type { TracedNode } from '../traced.js';
import { castTo } from './elementwise.js';
import type { Call, Kernels, Operand } from './kernel.js';
import { expand } from './layout.js';

/** Name under which a fused dot-product attention is recorded. */
export const ATTENTION = 'dotProductAttention';

const requestOf = ({ attributes }: TracedNode): DotProductAttentionRequest =>
  attributes['request'] as DotProductAttentionRequest;

/** ONNX's `Attention`. @see https://onnx.ai/onnx/operators/onnx__Attention.html */
export const ATTENTION_KERNELS: Kernels = {
  [ATTENTION]: {
    infer(_, attributes) {
      const { batch, heads, queries, valueWidth } = attributes['request'] as DotProductAttentionRequest;
      const rows = [batch, heads, queries];
      return [
        { shape: [...rows, valueWidth], dtype: 'float32' },
        { shape: rows, dtype: 'float32' },
        { shape: rows, dtype: 'float32' },
      ];
    },
    write(call) {
      const open = openOf(call);
      return [context(call, open), call.isUsed(1) ? logSumExp(call, open) : '', ''];
    },
  },
};

/** Who may attend to what. */
interface Open {
  /** bool, broadcasts to [B, H, Tq, Tk]; undefined for everywhere, but for what `isCausal` says. */
  readonly mask: Operand | undefined;
  /** Whether a query attends to no later position than its own, of as many positions as there are queries. */
  readonly isCausal: boolean;
  /** Whether some query may attend to nothing. */
  readonly hasEmptyRows: boolean;
}

function context(call: Call, { mask, isCausal, hasEmptyRows }: Open): string {
  const { write } = call;
  const [query, key, value] = ['query', 'key', 'value'].map((name) => call.input(name).name);
  const bias = call.has('bias') ? call.input('bias') : undefined;
  const attended = write.op('Attention', [query, key, value, ...added(call, bias, mask)], {
    scale: { float: call.same('scale', (node) => requestOf(node).scale) },
    is_causal: isCausal ? 1 : 0,
    ...softCapOf(call),
  });
  if (!hasEmptyRows) return attended;
  const any = write.op('ReduceMax', [castTo('int32', mask!, call), write.integers([-1])], { keepdims: 1 });
  const isAny = castTo('bool', { name: any, dtype: 'int32' }, call);
  return write.op('Where', [isAny, attended, write.scalar('float32', 0)]);
}

const softCapOf = (call: Call): { readonly softcap?: { readonly float: number } } => {
  const softCap = call.same('softCap', (node) => requestOf(node).softCap);
  return softCap === null ? {} : { softcap: { float: softCap } };
};

/** The one tensor that `Attention` takes of a bias and a mask, as large as the scores but for batch and heads. */
function added(call: Call, bias: Operand | undefined, mask: Operand | undefined): string[] {
  const { write } = call;
  const given = bias ?? mask;
  if (given === undefined) return [];
  const [, , queries] = call.outputs[0].shape;
  const [, , keys] = call.input('key').shape;
  const whole = (x: Operand): string => expand(call, x, [x.shape[0], x.shape[1], queries, keys]);
  if (bias === undefined || mask === undefined) return [whole(given)];
  return [write.op('Where', [whole(mask), whole(bias), write.scalar('float32', -Infinity)])];
}

/** log Σ exp of the scores, composed: `Attention` doesn't give it. */
function logSumExp(call: Call, { mask, isCausal }: Open): string {
  const { write, outputs } = call;
  const [batch, heads, queries] = outputs[0].shape;
  const key = call.input('key');
  const [, keyHeads, keys, width] = key.shape;
  const scale = write.scalar(
    'float32',
    call.same('scale', (node) => requestOf(node).scale),
  );
  const query = write.op('Mul', [call.input('query').name, scale]);
  const shaped = (x: string, shape: readonly Size[]): string =>
    write.op('Reshape', [x, write.sizes('a size of attention', shape)]);
  const grouped = queries.map((_, trace) => (heads[trace] / keyHeads[trace]) * queries[trace]);
  const turned = write.op('Transpose', [key.name], { perm: [0, 1, 3, 2] });
  const products = write.op('MatMul', [shaped(query, [batch, keyHeads, grouped, width]), turned]);
  let scores = shaped(products, [batch, heads, queries, keys]);
  const { softcap } = softCapOf(call);
  if (softcap !== undefined) {
    const cap = write.scalar('float32', softcap.float);
    scores = write.op('Mul', [write.op('Tanh', [write.op('Div', [scores, cap])]), cap]);
  }
  if (call.has('bias')) scores = write.op('Add', [scores, call.input('bias').name]);
  const open = isCausal
    ? bandMask(
        call,
        undefined,
        keys.map(() => 0),
      )
    : mask?.name;
  if (open !== undefined) scores = write.op('Where', [open, scores, write.scalar('float32', -Infinity)]);
  return write.op('ReduceLogSumExp', [scores, write.integers([-1])], { keepdims: 0 });
}

function openOf(call: Call): Open {
  const { write } = call;
  const [, , queries] = call.outputs[0].shape;
  const [, , keys] = call.input('key').shape;
  const { lower, upper } = bandOf(call, queries, keys);
  const isLimited = lower !== undefined || upper !== undefined;
  const isTriangle = lower === undefined && upper !== undefined && upper.every((n) => n === 0) && isSame(queries, keys);
  const isDense = call.has('mask') || call.has('bias');
  if (!isDense && (!isLimited || isTriangle)) return { mask: undefined, isCausal: isTriangle, hasEmptyRows: false };
  const bools = [
    ...(call.has('mask') ? [call.input('mask')] : []),
    ...(call.has('bias') ? [finiteOf(call, call.input('bias'))] : []),
    ...(isLimited
      ? [{ name: bandMask(call, lower, upper), shape: bandShape(queries, keys), dtype: 'bool' } as const]
      : []),
  ];
  const mask = bools.reduce((a, b) => ({
    name: write.op('And', [a.name, b.name]),
    shape: a.shape.map((size, axis) => size.map((n, trace) => Math.max(n, b.shape[axis][trace]))),
    dtype: 'bool',
  }));
  const seesItself = lower === undefined && upper?.every((n) => n >= 0) === true;
  return { mask, isCausal: false, hasEmptyRows: isDense || !seesItself };
}

const bandShape = (queries: Size, keys: Size): readonly Size[] => {
  const one = keys.map(() => 1);
  return [one, one, queries, keys];
};

const finiteOf = ({ write }: Call, { name, shape }: Operand): Operand => ({
  name: write.op('Not', [write.op('Equal', [name, write.scalar('float32', -Infinity)])]),
  shape,
  dtype: 'bool',
});

interface Band {
  /** Least and greatest of position − query; undefined without a limit. */
  readonly lower: Size | undefined;
  readonly upper: Size | undefined;
}

function bandOf(call: Call, queries: Size, keys: Size): Band {
  const [lower, upper] = call.sizes((node) => {
    const { mask, queries, keys } = requestOf(node);
    return [mask.band?.lower[0] ?? -queries, mask.band?.upper[0] ?? keys];
  });
  return {
    lower: limit(lower, (n, trace) => n <= 1 - queries[trace]),
    upper: limit(upper, (n, trace) => n >= keys[trace] - 1),
  };
}

/** A limit without the traces that are too short to reach it: one number holds in them too. */
function limit(size: Size, isOpen: (n: number, trace: number) => boolean): Size | undefined {
  const reached = size.filter((n, trace) => !isOpen(n, trace));
  if (reached.length === 0) return undefined;
  const [first] = reached;
  const isFixed = isConstant(reached) && size.every((_, trace) => size[trace] === first || isOpen(first, trace));
  return isFixed ? size.map(() => first) : size;
}

/** Where lower ≤ position − query ≤ upper: bool [1, 1, Tq, Tk]. */
function bandMask(call: Call, lower: Size | undefined, upper: Size | undefined): string {
  const { write } = call;
  const [, , queries] = call.outputs[0].shape;
  const [, , keys] = call.input('key').shape;
  const zero = write.constant('int64', [], BigInt64Array.of(0n));
  const one = write.constant('int64', [], BigInt64Array.of(1n));
  const count = (what: string, size: Size): string =>
    write.op('Range', [zero, write.op('Squeeze', [write.size(what, size), write.integers([0])]), one]);
  const rows = write.op('Unsqueeze', [count('a number of queries', queries), write.integers([1])]);
  const distance = write.op('Sub', [count('a number of positions', keys), rows]);
  const parts = [
    ...(lower ? [write.op('GreaterOrEqual', [distance, write.size('a window', lower)])] : []),
    ...(upper ? [write.op('LessOrEqual', [distance, write.size('a window', upper)])] : []),
  ];
  return write.op('Unsqueeze', [parts.reduce((a, b) => write.op('And', [a, b])), write.integers([0, 1])]);
}
