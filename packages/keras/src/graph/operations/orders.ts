import { HeedError, show } from '@heed/base';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { untaped } from '../../standard/untaped.js';
import { moveAxes } from '../array-operations.js';
import { rowsAt } from '../gather.js';
import { axesOf, axisOf, floats, fromTheStart, tensor, type Given } from '../operation-arguments.js';
import { withoutGradient, type Operation, type Operations } from './operation.js';

/** Places of the numbers of each row, as int32, in rising order or in falling order; of equal ones the first comes first. */
const placesOf = (rows: Tensor, count: number, falls: boolean): Tensor =>
  untaped(rows, (x) => tf.topk(falls ? x : tf.neg(x), count, true).indices);

/** Numbers of each row [rows, width] at these places [rows, count]; TensorFlow.js's topk has no gradient. */
function pick(rows: Tensor, places: Tensor): Tensor {
  const [count, width] = rows.shape as [number, number];
  const starts = tf.expandDims(tf.range(0, count * width, width, 'int32'), 1);
  return rowsAt(tf.reshape(rows, [-1]), tf.add(starts, places));
}

/** What is made of each row along an axis, which is put back. */
function alongRows(x: Tensor, axis: number, make: (rows: Tensor) => Tensor): Tensor {
  const last = moveAxes(x, [axis], [-1]);
  const made = make(tf.reshape(last, [-1, last.shape.at(-1)!]));
  return moveAxes(tf.reshape(made, [...last.shape.slice(0, -1), made.shape[1]!]), [-1], [axis]);
}

/** Along an axis, or of all numbers in a row where it is None. */
function ordered(make: (rows: Tensor) => Tensor): Operation {
  return {
    names: ['x', 'axis'],
    run({ x, axis }) {
      const given = floats(tensor(x));
      return axis === null ? alongRows(tf.reshape(given, [-1]), 0, make) : alongRows(given, axisOf(axis), make);
    },
  };
}

/** Numbers below which these shares are, with what lies between two of them in a straight line. */
function quantiles({ x, axis, keepdims }: Given, shares: Tensor): Tensor {
  const given = floats(tensor(x));
  const axes = axesOf(axis) ?? given.shape.map((_, n) => n);
  const whole = fromTheStart(axes, given.rank);
  const kept = given.shape.map((_, n) => n).filter((n) => !whole.includes(n));
  const rows = tf.reshape(tf.transpose(given, [...kept, ...whole]), [
    kept.reduce((size, n) => size * given.shape[n]!, 1),
    -1,
  ]);
  const width = rows.shape[1]!;
  const sorted = pick(rows, placesOf(rows, width, false));
  const results = [...shares.dataSync()].map((share) => {
    const place = share * (width - 1);
    const at = (n: number): Tensor => tf.slice(sorted, [0, n], [-1, 1]);
    const below = Math.min(Math.floor(place), width - 1);
    const above = Math.min(below + 1, width - 1);
    return tf.add(tf.mul(at(below), 1 - (place - below)), tf.mul(at(above), place - below));
  });
  const shape = given.shape
    .map((size, n) => (whole.includes(n) ? 1 : size))
    .filter((_, n) => keepdims === true || !whole.includes(n));
  const all = results.map((one) => tf.reshape(one, shape));
  return shares.rank === 0 ? all[0]! : tf.stack(all);
}

/** How many of the sorted numbers come before each value. */
function searchSorted(sorted: Tensor, values: Tensor, isRight: boolean): Tensor {
  const beside = tf.expandDims(values, -1);
  const before = isRight ? tf.lessEqual(sorted, beside) : tf.less(sorted, beside);
  return tf.cast(tf.sum(tf.cast(before, 'float32'), -1), 'int32');
}

const quantile = (percent: number): Operation => ({
  names: ['x', 'q', 'axis', 'keepdims', 'method'],
  run(given) {
    const { q, method = 'linear' } = given;
    if (method !== 'linear') {
      throw new HeedError('INVALID_ARGUMENT', {
        message: `a quantile by the method ${show(method)}, which isn't supported`,
        hint: 'the method "linear"',
        details: { method },
      });
    }
    return quantiles(given, tf.div(floats(tensor(q)), percent));
  },
});

/** Ops that bring numbers into order. */
export const orders: Operations = {
  Sort: ordered((rows) => pick(rows, placesOf(rows, rows.shape[1]!, false))),
  Argsort: ordered((rows) => placesOf(rows, rows.shape[1]!, false)),
  TopK: {
    names: ['x', 'k', 'sorted'],
    run({ x, k }) {
      const given = floats(tensor(x));
      const rows = tf.reshape(given, [-1, given.shape.at(-1)!]);
      const places = placesOf(rows, Number(k), true);
      const shape = given.shape.with(given.rank - 1, Number(k));
      return [tf.reshape(pick(rows, places), shape), tf.reshape(places, shape)];
    },
  },
  InTopK: withoutGradient({
    names: ['targets', 'predictions', 'k'],
    run({ targets, predictions, k }) {
      const scores = floats(tensor(predictions));
      const own = pick(scores, tf.expandDims(tf.cast(tensor(targets), 'int32'), 1));
      const higher = tf.sum(tf.cast(tf.greater(scores, own), 'float32'), 1);
      return tf.logicalAnd(tf.less(higher, Number(k)), tf.reshape(tf.isFinite(own), [-1]));
    },
  }),
  Median: { names: ['x', 'axis', 'keepdims'], run: (given) => quantiles(given, tf.scalar(0.5)) },
  Quantile: quantile(1),
  Percentile: quantile(100),
  SearchSorted: withoutGradient({
    names: ['sortedSequence', 'values', 'side'],
    run: ({ sortedSequence, values, side }) =>
      searchSorted(floats(tensor(sortedSequence)), floats(tensor(values)), side === 'right'),
  }),
  Digitize: withoutGradient({
    names: ['x', 'bins'],
    run: ({ x, bins }) => searchSorted(floats(tensor(bins)), floats(tensor(x)), true),
  }),
};
