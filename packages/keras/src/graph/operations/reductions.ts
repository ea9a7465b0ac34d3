import { HeedError, show } from '@heed/base';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { untaped } from '../../standard/untaped.js';
import { extreme } from '../array-operations.js';
import { axesOf, floats, logical, numeric, tensor } from '../operation-arguments.js';
import { reduction, withoutGradient, type Operation, type Operations } from './operation.js';

const present = (x: Tensor): Tensor => untaped(x, (y) => tf.cast(tf.logicalNot(tf.isNaN(y)), 'float32'));
/** x with another number in place of NaN. */
const filled = (x: Tensor, fill: number): Tensor => tf.where(untaped(x, tf.isNaN), tf.fill(x.shape, fill), x);

/** A reduction that passes over NaN. */
const overNaN = (run: (x: Tensor, axis: number[] | undefined, keep: boolean) => Tensor): Operation =>
  reduction((x, axis, keep) => run(floats(x), axis, keep));

const nanMean = (x: Tensor, axis: number[] | undefined, keep: boolean): Tensor =>
  tf.div(tf.sum(filled(x, 0), axis, keep), tf.sum(present(x), axis, keep));
const nanVariance = (x: Tensor, axis: number[] | undefined, keep: boolean): Tensor =>
  // What is NaN is away before it is squared, or its gradient would be NaN as well.
  tf.div(
    tf.sum(tf.square(tf.mul(present(x), tf.sub(filled(x, 0), nanMean(x, axis, true)))), axis, keep),
    tf.sum(present(x), axis, keep),
  );

/** ±∞, where all were NaN, back to NaN. */
const unlessEmpty = (x: Tensor, axis: number[] | undefined, keep: boolean, result: Tensor): Tensor =>
  tf.where(
    untaped(x, (y) => tf.greater(tf.sum(present(y), axis, keep), 0)),
    result,
    tf.fill(result.shape, NaN),
  );

export const reductions: Operations = {
  Sum: reduction((x, axis, keep) => tf.sum(numeric(x), axis, keep)),
  Mean: reduction((x, axis, keep) => tf.mean(floats(x), axis, keep)),
  Max: reduction((x, axis, keep) => tf.max(numeric(x), axis, keep)),
  Min: reduction((x, axis, keep) => tf.min(numeric(x), axis, keep)),
  Prod: reduction((x, axis, keep) => tf.prod(numeric(x), axis, keep)),
  Any: withoutGradient(reduction((x, axis, keep) => tf.any(logical(x), axis, keep))),
  All: withoutGradient(reduction((x, axis, keep) => tf.all(logical(x), axis, keep))),
  Var: reduction((x, axis, keep) => tf.moments(floats(x), axis, keep).variance),
  Std: reduction((x, axis, keep) => tf.sqrt(tf.moments(floats(x), axis, keep).variance)),
  Logsumexp: reduction((x, axis, keep) => tf.logSumExp(floats(x), axis, keep)),
  Argmax: withoutGradient({
    names: ['x', 'axis', 'keepdims'],
    run: ({ x, axis, keepdims }) => extreme(tf.argMax, tensor(x), axis, keepdims),
  }),
  Argmin: withoutGradient({
    names: ['x', 'axis', 'keepdims'],
    run: ({ x, axis, keepdims }) => extreme(tf.argMin, tensor(x), axis, keepdims),
  }),
  Amax: reduction((x, axis, keep) => tf.max(numeric(x), axis, keep)),
  Amin: reduction((x, axis, keep) => tf.min(numeric(x), axis, keep)),
  Ptp: reduction((x, axis, keep) => tf.sub(tf.max(numeric(x), axis, keep), tf.min(numeric(x), axis, keep))),
  // Counted in float32: not every engine adds whole numbers.
  CountNonzero: withoutGradient(
    reduction((x, axis, keep) => tf.cast(tf.sum(tf.cast(tf.notEqual(numeric(x), 0), 'float32'), axis, keep), 'int32')),
  ),
  Average: {
    names: ['x', 'weights', 'axis'],
    run({ x, weights, axis }) {
      const given = floats(tensor(x));
      const axes = axesOf(axis);
      if (weights === undefined || weights === null) return tf.mean(given, axes);
      const factors = floats(tensor(weights));
      // Weights of one axis go along it.
      const along =
        factors.rank === given.rank ? factors : tf.reshape(factors, alongAxis(given, axes![0]!, factors.size));
      const all = tf.add(along, tf.zerosLike(given));
      return tf.div(tf.sum(tf.mul(given, all), axes), tf.sum(all, axes));
    },
  },
  Nansum: overNaN((x, axis, keep) => tf.sum(filled(x, 0), axis, keep)),
  Nanprod: overNaN((x, axis, keep) => tf.prod(filled(x, 1), axis, keep)),
  Nanmean: overNaN(nanMean),
  Nanvar: overNaN(nanVariance),
  Nanstd: overNaN((x, axis, keep) => tf.sqrt(nanVariance(x, axis, keep))),
  Nanmax: overNaN((x, axis, keep) => unlessEmpty(x, axis, keep, tf.max(filled(x, -Infinity), axis, keep))),
  Nanmin: overNaN((x, axis, keep) => unlessEmpty(x, axis, keep, tf.min(filled(x, Infinity), axis, keep))),
  Norm: {
    names: ['x', 'ord', 'axis', 'keepdims'],
    run: ({ x, ord, axis, keepdims }) => norm(floats(tensor(x)), ord, axesOf(axis), keepdims === true),
  },
  Moments: {
    names: ['x', 'axes', 'keepdims'],
    run({ x, axes, keepdims }) {
      const { mean, variance } = tf.moments(floats(tensor(x)), axesOf(axes), keepdims === true);
      return [mean, variance];
    },
  },
};

const alongAxis = (x: Tensor, axis: number, length: number): number[] =>
  x.shape.map((_, n) => (n === (axis < 0 ? axis + x.rank : axis) ? length : 1));

/** Length of vectors: of order 1, 2, ∞, or p; of all numbers, or of a matrix by its numbers. */
function norm(x: Tensor, order: unknown, axis: number[] | undefined, keep: boolean): Tensor {
  const ofMatrices = axis === undefined ? x.rank === 2 && order !== undefined && order !== null : axis.length === 2;
  if (ofMatrices && order !== undefined && order !== null && order !== 'fro') {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `the op Norm has the order ${show(order)} of matrices, which isn't supported`,
      hint: 'orders of vectors, and "fro"',
      details: { order },
    });
  }
  const sizes = tf.abs(x);
  if (order === undefined || order === null || order === 2 || order === 'fro') {
    return tf.sqrt(tf.sum(tf.square(x), axis, keep));
  }
  if (order === 1) return tf.sum(sizes, axis, keep);
  if (order === Infinity || order === 'inf') return tf.max(sizes, axis, keep);
  if (order === -Infinity || order === '-inf') return tf.min(sizes, axis, keep);
  return tf.pow(tf.sum(tf.pow(sizes, Number(order)), axis, keep), 1 / Number(order));
}
