import type { MaskParts } from '@heed/core';
import { isConstant, isSame, type Size } from '../sizes.js';
import type { TracedNode } from '../traced.js';
import type { Call, Operand } from './kernel.js';

/** Who may attend to what. */
export interface Sight {
  /** bool, broadcasts to [B, H, Tq, Tk]; undefined for everywhere. */
  readonly mask: Operand | undefined;
  /** Whether a query attends to no later position than its own, of as many positions as there are queries, and nothing else limits it. */
  readonly isTriangle: boolean;
  /** Whether some query may attend to nothing. */
  readonly hasEmptyRows: boolean;
}

/** Sizes of the scores that a mask is of. */
export interface ScoreSizes {
  readonly queries: Size;
  readonly keys: Size;
}

/** What a request's mask and a bias of −∞ let queries attend to. */
export function sightOf(call: Call, sizes: ScoreSizes): Sight {
  const { write } = call;
  const { lower, upper } = bandOf(call, sizes);
  const isLimited = lower !== undefined || upper !== undefined;
  const isDense = call.has('mask') || call.has('bias');
  const isTriangle =
    !isDense && lower === undefined && upper?.every((n) => n === 0) === true && isSame(sizes.queries, sizes.keys);
  const bools = [
    ...(call.has('mask') ? [call.input('mask')] : []),
    ...(call.has('bias') ? [finiteOf(call, call.input('bias'))] : []),
    ...(isLimited ? [bandMask(call, sizes, lower, upper)] : []),
  ];
  if (bools.length === 0) return { mask: undefined, isTriangle: false, hasEmptyRows: false };
  const mask = bools.reduce((a, b) => ({
    name: write.op('And', [a.name, b.name]),
    shape: a.shape.map((size, axis) => size.map((n, trace) => Math.max(n, b.shape[axis][trace]))),
    dtype: 'bool',
  }));
  const seesFirst = lower === undefined && upper?.every((n) => n >= 0) === true;
  return { mask, isTriangle, hasEmptyRows: isDense || !seesFirst };
}

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

interface Masked {
  readonly mask: MaskParts;
  readonly queries: number;
  readonly keys: number;
}

const requestOf = ({ attributes }: TracedNode): Masked => attributes['request'] as Masked;

function bandOf(call: Call, { queries, keys }: ScoreSizes): Band {
  const [lower, upper] = call.sizes((node) => {
    const { mask, queries, keys } = requestOf(node);
    return [mask.band?.lower[0] ?? -queries, mask.band?.upper[0] ?? keys];
  });
  return {
    lower: limitOf(call, lower, (n, trace) => n > 1 - queries[trace]),
    upper: limitOf(call, upper, (n, trace) => n < keys[trace] - 1),
  };
}

/** A limit, known where it is reached; elsewhere it is only some number beyond all pairs. */
function limitOf({ write }: Call, size: Size, isReached: (n: number, trace: number) => boolean): Size | undefined {
  if (!size.some(isReached)) return undefined;
  if (isConstant(size)) return size;
  const whole = write.solver.findWhere(size, isReached);
  const fits = whole?.every((n, trace) => isReached(n, trace) === isReached(size[trace], trace));
  return fits === true ? whole : size;
}

/** Where lower ≤ position − query ≤ upper: bool [1, 1, Tq, Tk]. */
function bandMask(
  { write }: Call,
  { queries, keys }: ScoreSizes,
  lower: Size | undefined,
  upper: Size | undefined,
): Operand {
  const [zero, one] = [0n, 1n].map((n) => write.constant('int64', [], BigInt64Array.of(n)));
  const count = (what: string, size: Size): string =>
    write.op('Range', [zero, write.op('Squeeze', [write.size(what, size), write.integers([0])]), one]);
  const rows = write.op('Unsqueeze', [count('a number of queries', queries), write.integers([1])]);
  const distance = write.op('Sub', [count('a number of positions', keys), rows]);
  const parts = [
    ...(lower ? [write.op('GreaterOrEqual', [distance, write.size('where a window begins', lower)])] : []),
    ...(upper ? [write.op('LessOrEqual', [distance, write.size('where a window ends', upper)])] : []),
  ];
  const band = parts.reduce((a, b) => write.op('And', [a, b]));
  const single = keys.map(() => 1);
  return {
    name: write.op('Unsqueeze', [band, write.integers([0, 1])]),
    shape: [single, single, queries, keys],
    dtype: 'bool',
  };
}
