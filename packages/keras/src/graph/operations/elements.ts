import { eachStep } from '@heed/core/model-ops';
import { HeedError, show } from '@heed/base';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { alongOrFlat, getItem, moveAxes, triangle } from '../array-operations.js';
import { placesFromTheStart, rowsAt, sumsAt, takeAt } from '../gather.js';
import { axisOf, floats, numbers, numeric, tensor } from '../operation-arguments.js';
import type { Operations } from './operation.js';

/** 1 in the k-th diagonal of [rows, columns]. */
const diagonalMask = (rows: number, columns: number, k: number): Tensor =>
  tf.tensor2d(
    Float32Array.from({ length: rows * columns }, (_, n) => Number((n % columns) - Math.floor(n / columns) === k)),
    [rows, columns],
  );

/** The k-th diagonal of the last two axes. */
function diagonal(x: Tensor, k: number): Tensor {
  const [rows, columns] = x.shape.slice(-2) as [number, number];
  const first = k < 0 ? -k * columns : k;
  const length = Math.max(0, Math.min(rows + Math.min(k, 0), columns - Math.max(k, 0)));
  const places = Array.from({ length }, (_, n) => first + n * (columns + 1));
  return tf.gather(tf.reshape(x, [...x.shape.slice(0, -2), rows * columns]), tf.tensor1d(places, 'int32'), x.rank - 2);
}

/** The two axes of matrices last. */
const matrices = (x: unknown, axis1: unknown, axis2: unknown): Tensor =>
  moveAxes(numeric(tensor(x)), [axisOf(axis1, 0), axisOf(axis2, 1)], [-2, -1]);

/** Rows of a table [n, …] of a depth of `indices.shape.at(-1)` axes, as places in it when these axes are one. */
function flatPlaces(indices: Tensor, shape: readonly number[]): Tensor {
  const depth = indices.shape.at(-1)!;
  const strides = tf.util.computeStrides([...shape.slice(0, depth), 1]);
  return tf.sum(tf.mul(tf.cast(indices, 'int32'), tf.tensor1d(strides, 'int32')), -1);
}

/** Pieces of a tensor with updates in the places that indices say. */
function scatter(base: Tensor, indices: Tensor, updates: Tensor, reduction: unknown): Tensor {
  const depth = indices.shape.at(-1)!;
  const rows = base.shape.slice(0, depth).reduce((size, length) => size * length, 1);
  const places = tf.reshape(flatPlaces(indices, base.shape), [-1]);
  const table = tf.reshape(base, [rows, -1]);
  const sums = sumsAt(tf.reshape(updates, [places.size, -1]), places, rows);
  if (reduction === 'add') return tf.reshape(tf.add(table, sums), base.shape);
  if (reduction !== null && reduction !== undefined) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `the op ScatterUpdate has reduction ${show(reduction)}, which isn't supported`,
      hint: 'None and "add" are',
      details: { reduction },
    });
  }
  const counts = sumsAt(tf.ones([places.size, 1]), places, rows);
  return tf.reshape(tf.add(tf.mul(table, tf.sub(1, tf.minimum(counts, 1))), sums), base.shape);
}

export const elements: Operations = {
  Take: {
    names: ['x', 'indices', 'axis'],
    run: ({ x, indices, axis }) => {
      const [values, at] = alongOrFlat(tensor(x), axis);
      return takeAt(values, placesFromTheStart(tensor(indices), values.shape[at]!), at);
    },
  },
  OneHot: {
    names: ['x', 'numClasses'],
    fixed: { axis: -1 },
    run: ({ x, numClasses }) => tf.oneHot(tf.cast(tensor(x), 'int32'), Number(numClasses)),
  },
  Tril: { names: ['x', 'k'], run: ({ x, k = 0 }) => triangle(numeric(tensor(x)), (away) => away <= Number(k)) },
  Triu: { names: ['x', 'k'], run: ({ x, k = 0 }) => triangle(numeric(tensor(x)), (away) => away >= Number(k)) },
  GetItem: { names: ['x', 'key'], run: ({ x, key }) => getItem(tensor(x), key) },
  Slice: {
    names: ['inputs', 'startIndices', 'shape'],
    run: ({ inputs, startIndices, shape }) => tf.slice(tensor(inputs), numbers(startIndices), numbers(shape)),
  },
  Cumsum: {
    names: ['x', 'axis'],
    run({ x, axis }) {
      const [given, along] = alongOrFlat(numeric(tensor(x)), axis);
      const sums = cumulative(moveAxes(floats(given), [along], [-1]));
      return tf.cast(moveAxes(sums, [-1], [along]), given.dtype);
    },
  },
  Cumprod: {
    names: ['x', 'axis'],
    run({ x, axis }) {
      const [given, along] = alongOrFlat(numeric(tensor(x)), axis);
      let product: Tensor | undefined;
      const steps = eachStep(given, along).map(
        (step) => (product = product === undefined ? step : tf.mul(product, step)),
      );
      return tf.stack(steps, along);
    },
  },
  Diff: {
    names: ['a', 'n', 'axis'],
    run({ a, n = 1, axis }) {
      let given = numeric(tensor(a));
      const at = axisOf(axis) < 0 ? axisOf(axis) + given.rank : axisOf(axis);
      for (let times = 0; times < Number(n); times++) {
        const length = given.shape[at]! - 1;
        const part = (start: number): Tensor =>
          tf.slice(
            given,
            given.shape.map((_, one) => (one === at ? start : 0)),
            given.shape.with(at, length),
          );
        given = tf.sub(part(1), part(0));
      }
      return given;
    },
  },
  Trapezoid: {
    names: ['y', 'x', 'dx', 'axis'],
    run({ y, x, dx = 1, axis }) {
      const last = moveAxes(floats(tensor(y)), [axisOf(axis)], [-1]);
      const length = last.shape.at(-1)! - 1;
      const part = (of: Tensor, start: number): Tensor =>
        tf.slice(
          of,
          of.shape.map((_, n) => (n === of.rank - 1 ? start : 0)),
          of.shape.with(of.rank - 1, length),
        );
      const heights = tf.add(part(last, 0), part(last, 1));
      const isSpaced = x !== undefined && x !== null;
      const steps = isSpaced ? tf.sub(part(floats(tensor(x)), 1), part(floats(tensor(x)), 0)) : Number(dx);
      return tf.div(tf.sum(tf.mul(heights, steps), -1), 2);
    },
  },
  Diag: {
    names: ['x', 'k'],
    run({ x, k = 0 }) {
      const given = numeric(tensor(x));
      if (given.rank === 2) return diagonal(given, Number(k));
      const size = given.size + Math.abs(Number(k));
      const along = tf.pad(given, [[Math.max(0, Number(k)), Math.max(0, -Number(k))]]);
      return tf.mul(diagonalMask(size, size, Number(k)), along);
    },
  },
  Diagonal: {
    names: ['x', 'offset', 'axis1', 'axis2'],
    run: ({ x, offset = 0, axis1, axis2 }) => diagonal(matrices(x, axis1, axis2), Number(offset)),
  },
  Trace: {
    names: ['x', 'offset', 'axis1', 'axis2'],
    run: ({ x, offset = 0, axis1, axis2 }) => tf.sum(diagonal(matrices(x, axis1, axis2), Number(offset)), -1),
  },
  TakeAlongAxis: {
    names: ['x', 'indices', 'axis'],
    run({ x, indices, axis }) {
      const [given, at] = alongOrFlat(tensor(x), axis);
      const wanted = axis === undefined || axis === null ? tf.reshape(tensor(indices), [-1]) : tensor(indices);
      const shape = given.shape.map((size, n) => (n === at ? size : Math.max(size, wanted.shape[n]!)));
      const values = moveAxes(tf.broadcastTo(given, shape), [at], [-1]);
      const places = moveAxes(
        tf.broadcastTo(placesFromTheStart(wanted, given.shape[at]!), shape.with(at, wanted.shape[at]!)),
        [at],
        [-1],
      );
      const width = values.shape.at(-1)!;
      const rows = values.size / width;
      const starts = tf.expandDims(tf.range(0, rows * width, width, 'int32'), 1);
      const flat = tf.add(starts, tf.reshape(places, [rows, -1]));
      return moveAxes(tf.reshape(rowsAt(tf.reshape(values, [-1]), flat), places.shape), [-1], [at]);
    },
  },
  SliceUpdate: {
    names: ['inputs', 'startIndices', 'updates'],
    run({ inputs, startIndices, updates }) {
      const [base, part] = [floats(tensor(inputs)), floats(tensor(updates))];
      const starts = numbers(startIndices instanceof tf.Tensor ? [...startIndices.dataSync()] : startIndices);
      const room = starts.map((start, n): [number, number] => [start, base.shape[n]! - start - part.shape[n]!]);
      const kept = tf.pad(tf.zeros(part.shape), room, 1);
      return tf.add(tf.mul(base, kept), tf.pad(part, room));
    },
  },
  Scatter: {
    names: ['indices', 'values', 'shape'],
    run: ({ indices, values, shape }) =>
      scatter(tf.zeros(numbers(shape)), tensor(indices), floats(tensor(values)), 'add'),
  },
  ScatterUpdate: {
    names: ['inputs', 'indices', 'updates', 'reduction'],
    run: ({ inputs, indices, updates, reduction }) =>
      scatter(floats(tensor(inputs)), tensor(indices), floats(tensor(updates)), reduction),
  },
  SegmentSum: {
    names: ['data', 'segmentIds', 'numSegments', 'sorted'],
    run({ data, segmentIds, numSegments }) {
      const ids = tf.cast(tensor(segmentIds), 'int32');
      const count = Number(numSegments ?? Math.max(-1, ...ids.dataSync()) + 1);
      const rows = floats(tensor(data));
      return tf.reshape(sumsAt(tf.reshape(rows, [ids.size, -1]), ids, count), [count, ...rows.shape.slice(1)]);
    },
  },
  MultiHot: {
    names: ['inputs', 'numClasses', 'numTokens'],
    fixed: { axis: -1 },
    run({ inputs, numClasses, numTokens }) {
      const ids = tf.cast(tensor(inputs), 'int32');
      const hot = tf.cast(tf.oneHot(ids, Number(numClasses ?? numTokens)), 'float32');
      return tf.max(hot, ids.rank > 1 ? 1 : 0);
    },
  },
  Pad: {
    names: ['x', 'padWidth', 'mode', 'constantValues'],
    run({ x, padWidth, mode = 'constant', constantValues }) {
      const given = numeric(tensor(x));
      const room = roomOf(padWidth, given.rank);
      if (mode === 'constant') return tf.pad(given, room, Number(constantValues ?? 0));
      // By places, as TensorFlow.js's gradient of mirrorPad is wrong.
      if (mode === 'reflect' || mode === 'symmetric') {
        return room.reduce((y, [before, after], axis) => {
          if (before + after === 0) return y;
          return takeAt(y, mirrored(y.shape[axis]!, before, after, mode === 'reflect'), axis);
        }, given);
      }
      throw new HeedError('INVALID_ARGUMENT', {
        message: `the op Pad has mode ${show(mode)}, which isn't supported`,
        hint: '"constant", "reflect" and "symmetric" are',
        details: { mode },
      });
    },
  },
};

/** How much is put before and after each axis: one number, a pair for all, or a pair each. */
function roomOf(width: unknown, rank: number): [number, number][] {
  const list = Array.isArray(width) ? (width as unknown[]) : [width, width];
  const pairs = Array.isArray(list[0]) ? (list as unknown[][]) : [list];
  return Array.from({ length: rank }, (_, n) => {
    const [before, after] = numbers(pairs[pairs.length === 1 ? 0 : n]);
    return [before!, after ?? before!];
  });
}

/** Places of a line with its mirror images before and after it, with the ends once or twice. */
function mirrored(length: number, before: number, after: number, endsOnce: boolean): Tensor {
  const period = endsOnce ? Math.max(2 * length - 2, 1) : 2 * length;
  const places = Array.from({ length: before + length + after }, (_, n) => {
    const at = (((n - before) % period) + period) % period;
    return at < length ? at : period - at - (endsOnce ? 0 : 1);
  });
  return tf.tensor1d(places, 'int32');
}

/**
 * Running sums along the last axis, as a product with a triangle: TensorFlow.js's cumsum can stop the wasm engine for good, and its gradient along
 * other axes is wrong.
 */
function cumulative(x: Tensor): Tensor {
  const length = x.shape.at(-1)!;
  const triangle = tf.tensor2d(
    Float32Array.from({ length: length ** 2 }, (_, n) => Number(Math.floor(n / length) <= n % length)),
    [length, length],
  );
  return tf.reshape(tf.matMul(tf.reshape(x, [-1, length]) as tf.Tensor2D, triangle), x.shape);
}
