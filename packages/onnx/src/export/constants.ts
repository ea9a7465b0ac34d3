import { HeedError } from '@heed/core';
import { areSame, areSameShapes, beginningOf, isUniformAlong, type ArrayOf } from './arrays.js';
import { DATA_TYPES, type GraphWriter } from './graph-writer.js';
import type { GraphType } from './graph.js';
import { expand, slice } from './kernels/layout.js';
import type { Operand } from './kernels/kernel.js';
import { describe, isConstant, isSame, type Assignment, type Size } from './sizes.js';
import type { Values } from './traced.js';

/** Numbers that the host made, in each trace. */
export interface HostNumbers {
  readonly dtype: GraphType;
  readonly arrays: readonly ArrayOf[];
  readonly name: string | undefined;
}

/** How the host's numbers follow from sizes. */
type Rule =
  /** The same in all traces. */
  | { readonly kind: 'fixed' }
  /** Whole numbers, each a sum of products of axes. */
  | { readonly kind: 'sizes'; readonly reciprocal: boolean }
  /** Equally far apart. */
  | { readonly kind: 'range' }
  /** The beginning of what they are at the greatest sizes. */
  | { readonly kind: 'beginning'; readonly axes: readonly string[] }
  /** Others for each size of an axis. */
  | { readonly kind: 'table'; readonly axis: string };

/** What follows from sizes, with axes left out along which all is the same. */
export interface Found {
  readonly rule: Rule;
  readonly compact: readonly ArrayOf[];
}

// More elements than that are no list of sizes.
const MOST_SIZES = 16;

/**
 * @param assignments sizes of the traces
 * @param base which of the traces differ from the first in one axis alone, by that axis
 * @throws HeedError INVALID_ARGUMENT where no rule fits
 */
export function findRule(
  { arrays }: HostNumbers,
  assignments: readonly Assignment[],
  solves: (size: Size) => boolean,
): Found {
  const compact = withoutUniformAxes(arrays);
  const [first] = compact;
  if (compact.every((one) => areSame(one, first))) return { rule: { kind: 'fixed' }, compact };
  const isShapeFixed = compact.every(({ shape }) => areSameShapes(shape, first.shape));
  if (isShapeFixed && first.values.length <= MOST_SIZES) {
    const sizes = elementsOf(compact);
    if (sizes.every(solves)) return { rule: { kind: 'sizes', reciprocal: false }, compact };
    if (sizes.every((size) => isReciprocal(size) && solves(size.map((n) => Math.round(1 / n))))) {
      return { rule: { kind: 'sizes', reciprocal: true }, compact };
    }
  }
  if (!isShapeFixed && first.shape.length === 1 && isRange(compact, solves))
    return { rule: { kind: 'range' }, compact };
  const axes = Object.keys(assignments[0]).filter((axis) => dependsOn(axis, compact, assignments));
  if (compact.every((one, a) => compact.slice(0, a).every((other) => isBeginning(one, other)))) {
    return { rule: { kind: 'beginning', axes }, compact };
  }
  if (axes.length === 1) return { rule: { kind: 'table', axis: axes[0] }, compact };
  throw new HeedError('INVALID_ARGUMENT', {
    message: `exportGraph: numbers [${arrays[0].shape}] that are made outside the graph are others for each ${axes.join(' and ')}`,
    hint: 'make them of tensors, or of one free axis alone',
    details: { axes, shape: arrays[0].shape },
  });
}

/** Element by element, in all traces. */
const elementsOf = (arrays: readonly ArrayOf[]): readonly Size[] =>
  Array.from({ length: arrays[0].values.length }, (_, n) => arrays.map(({ values }) => values[n]));

const isReciprocal = (size: Size): boolean =>
  size.every((n) => n !== 0 && Math.fround(1 / Math.round(1 / n)) === Math.fround(n));

function isRange(arrays: readonly ArrayOf[], solves: (size: Size) => boolean): boolean {
  const longest = arrays.reduce((a, b) => (a.values.length >= b.values.length ? a : b));
  const step = longest.values.length > 1 ? longest.values[1] - longest.values[0] : 1;
  return (
    Number.isInteger(step) &&
    step !== 0 &&
    arrays.every(
      ({ values }) => values.length > 0 && (values as Float32Array).every((n, at) => n === values[0] + at * step),
    ) &&
    solves(arrays.map(({ values }) => values[0]))
  );
}

/** Whether two arrays agree where both have elements. */
function isBeginning(a: ArrayOf, b: ArrayOf): boolean {
  const common = a.shape.map((n, axis) => Math.min(n, b.shape[axis]));
  return areSame(beginningOf(a, common), beginningOf(b, common));
}

/** Whether the trace in which that axis alone differs from the first has other numbers. */
function dependsOn(axis: string, arrays: readonly ArrayOf[], assignments: readonly Assignment[]): boolean {
  const [first] = assignments;
  const others = Object.keys(first).filter((one) => one !== axis);
  return assignments.some(
    (sizes, trace) =>
      sizes[axis] !== first[axis] &&
      others.every((one) => sizes[one] === first[one]) &&
      !areSame(arrays[trace], arrays[0]),
  );
}

/** Arrays with length 1 along axes of other lengths in other traces, where all along them is the same. */
function withoutUniformAxes(arrays: readonly ArrayOf[]): readonly ArrayOf[] {
  const { shape } = arrays[0];
  const isVarying = (axis: number): boolean => arrays.some((one) => one.shape[axis] !== shape[axis]);
  const uniform = shape.flatMap((_, axis) =>
    isVarying(axis) && arrays.every((one) => isUniformAlong(axis, one)) ? [axis] : [],
  );
  if (uniform.length === 0) return arrays;
  return arrays.map((one) =>
    beginningOf(
      one,
      one.shape.map((n, axis) => (uniform.includes(axis) ? Math.min(1, n) : n)),
    ),
  );
}

interface Sources {
  /** Sizes of the traces. */
  readonly assignments: readonly Assignment[];
  /** Greatest sizes. */
  readonly longest: Assignment;
  /** The numbers of a table at each size of its axis; undefined where they aren't known. */
  readonly rows: readonly (ArrayOf | undefined)[];
}

/** Writes nodes that make the host's numbers, and returns their name. */
export function writeNumbers(
  write: GraphWriter,
  { dtype, arrays, name }: HostNumbers,
  { rule, compact }: Found,
  sources: Sources,
): string {
  const { assignments, longest } = sources;
  const shape = sizesOf(compact);
  const constant = ({ shape, values }: ArrayOf): string => write.constant(dtype, shape, typed(dtype, values), name);
  const made = (): string => {
    switch (rule.kind) {
      case 'fixed':
        return constant(compact[0]);
      case 'sizes':
        return writeSizes(write, dtype, compact, rule.reciprocal);
      case 'range':
        return writeRange(write, dtype, compact);
      case 'beginning': {
        const at = assignments.findIndex((sizes) => rule.axes.every((axis) => sizes[axis] === longest[axis]));
        const table: Operand = {
          name: constant(compact[at]),
          shape: shape.map((size) => size.map(() => size[at])),
          dtype,
        };
        const zero = shape.map((size) => size.map(() => 0));
        return slice({ kernel: 'a table', write }, table, zero, shape);
      }
      case 'table':
        return writeTable(write, { dtype, arrays: compact, name }, rule.axis, sources);
    }
  };
  return expand({ kernel: 'numbers', write }, { name: made(), shape, dtype }, sizesOf(arrays));
}

const sizesOf = (arrays: readonly ArrayOf[]): readonly Size[] =>
  arrays[0].shape.map((_, axis) => arrays.map(({ shape }) => shape[axis]));

const typed = (dtype: GraphType, values: Values): Values =>
  dtype === 'bool' ? Uint8Array.from(values) : dtype === 'int32' ? Int32Array.from(values) : Float32Array.from(values);

function writeSizes(write: GraphWriter, dtype: GraphType, arrays: readonly ArrayOf[], reciprocal: boolean): string {
  const sizes = elementsOf(arrays).map((size) => (reciprocal ? size.map((n) => Math.round(1 / n)) : size));
  const whole = write.op('Cast', [write.sizes('a number', sizes)], { to: DATA_TYPES[dtype] });
  const numbers = reciprocal ? write.op('Reciprocal', [whole]) : whole;
  return write.op('Reshape', [numbers, write.integers([...arrays[0].shape])]);
}

function writeRange(write: GraphWriter, dtype: GraphType, arrays: readonly ArrayOf[]): string {
  const starts = arrays.map(({ values }) => values[0]);
  const longest = arrays.reduce((a, b) => (a.values.length >= b.values.length ? a : b));
  const step = longest.values[1] - longest.values[0];
  const stops = arrays.map(({ values }, trace) => starts[trace] + step * values.length);
  const scalar = (size: Size): string =>
    isConstant(size)
      ? write.scalar(dtype, size[0])
      : write.op('Cast', [write.op('Squeeze', [write.size('a position', size), write.integers([0])])], {
          to: DATA_TYPES[dtype],
        });
  return write.op('Range', [scalar(starts), scalar(stops), write.scalar(dtype, step)]);
}

/** A row for each size of an axis, each as large as the largest; the one of the size that there is, cut to its shape. */
function writeTable(
  write: GraphWriter,
  { dtype, arrays, name }: HostNumbers,
  axis: string,
  { assignments, rows: given }: Sources,
): string {
  const rows = given.map((row) => row && compactedLike(row, arrays));
  const ends = sizesOf(arrays);
  // A row that is empty needs no numbers.
  const isEmptyAt0 = ends.some((size) =>
    isSame(
      size,
      assignments.map((sizes) => sizes[axis]),
    ),
  );
  const missing = rows.findLastIndex((row) => row === undefined);
  if (missing > 1 || (missing >= 0 && dtype !== 'float32' && !(missing === 0 && isEmptyAt0))) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `exportGraph: numbers that are made outside the graph can't be found where ${describe({ [axis]: missing })}`,
      hint: 'what is computed must be the same for all sizes',
    });
  }
  const shape = arrays[0].shape.map((_, at) => Math.max(...rows.map((row) => row?.shape[at] ?? 0)));
  const size = shape.reduce((a, b) => a * b, 1);
  // What isn't known is no number, so that it shows.
  const table = new Float32Array(rows.length * size);
  rows.forEach((row, n) =>
    table.set(row === undefined ? new Float32Array(size).fill(NaN) : padded(row, shape), n * size),
  );
  const tableName = write.constant(dtype, [rows.length, ...shape], typed(dtype, table), name ?? 'table');
  const place = write.op('Squeeze', [
    write.size(
      `the ${axis}`,
      assignments.map((sizes) => sizes[axis]),
    ),
    write.integers([0]),
  ]);
  const row = write.op('Gather', [tableName, place], { axis: 0 });
  const whole = shape.map((n) => assignments.map(() => n));
  return slice(
    { kernel: 'a table', write },
    { name: row, shape: whole, dtype },
    ends.map((one) => one.map(() => 0)),
    ends,
  );
}

/** A row without what all traces left out, axes along which all is the same. */
function compactedLike(row: ArrayOf, arrays: readonly ArrayOf[]): ArrayOf {
  const isOne = (axis: number): boolean => arrays.every(({ shape }) => shape[axis] === 1);
  return beginningOf(
    row,
    row.shape.map((n, axis) => (isOne(axis) ? Math.min(1, n) : n)),
  );
}

function padded({ shape, values }: ArrayOf, size: readonly number[]): Float32Array {
  const result = new Float32Array(size.reduce((a, b) => a * b, 1));
  for (let n = 0; n < values.length; n++) {
    let rest = n;
    let at = 0;
    let stride = 1;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      at += (rest % shape[axis]) * stride;
      rest = Math.floor(rest / shape[axis]);
      stride *= size[axis];
    }
    result[at] = values[n];
  }
  return result;
}
