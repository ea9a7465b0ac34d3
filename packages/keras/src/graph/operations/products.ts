import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { matmul, moveAxes, turned } from '../array-operations.js';
import { einsum, readEquation } from '../../standard/einsum.js';
import { dotProductAttentionOf } from '../dot-product-attention.js';
import { axisOf, floats, fromTheStart, numbers, tensor } from '../operation-arguments.js';
import { type Operation, type Operations } from './operation.js';

/** A product of two tensors in float32. */
const product = (run: (a: Tensor, b: Tensor) => Tensor): Operation => ({
  names: ['x1', 'x2'],
  run: ({ x1, x2 }) => run(floats(tensor(x1)), floats(tensor(x2))),
});

/** Sums over the axes of a beside those of b. */
function tensordot(a: Tensor, b: Tensor, axesA: readonly number[], axesB: readonly number[]): Tensor {
  const [sumsA, sumsB] = [fromTheStart(axesA, a.rank), fromTheStart(axesB, b.rank)];
  const [freeA, freeB] = [a, b].map((x, n) =>
    x.shape.map((_, axis) => axis).filter((axis) => ![sumsA, sumsB][n]!.includes(axis)),
  );
  const depth = sumsA.reduce((size, axis) => size * a.shape[axis]!, 1);
  const left = tf.reshape(tf.transpose(a, [...freeA!, ...sumsA]), [-1, depth]);
  const right = tf.reshape(tf.transpose(b, [...sumsB, ...freeB!]), [depth, -1]);
  return tf.reshape(tf.matMul(left as tf.Tensor2D, right as tf.Tensor2D), [
    ...freeA!.map((axis) => a.shape[axis]!),
    ...freeB!.map((axis) => b.shape[axis]!),
  ]);
}

const flat = (x: Tensor): Tensor => tf.reshape(x, [-1]);

function cross(a: Tensor, b: Tensor): Tensor {
  const at = (x: Tensor, n: number): Tensor =>
    tf.slice(x, [...x.shape.map(() => 0).slice(1), n], [...x.shape.slice(0, -1), 1]);
  const minor = (i: number, j: number): Tensor => tf.sub(tf.mul(at(a, i), at(b, j)), tf.mul(at(a, j), at(b, i)));
  return tf.concat([minor(1, 2), minor(2, 0), minor(0, 1)], -1);
}

export const products: Operations = {
  DotProductAttention: {
    names: ['query', 'key', 'value', 'bias', 'mask', 'scale', 'isCausal'],
    run: dotProductAttentionOf,
  },
  Matmul: {
    names: ['x1', 'x2', 'transposeA', 'transposeB'],
    run: ({ x1, x2, transposeA, transposeB }) =>
      matmul(turned(floats(tensor(x1)), transposeA), turned(floats(tensor(x2)), transposeB)),
  },
  Einsum: {
    names: ['subscripts'],
    run({ subscripts, rest }) {
      const tensors = (rest as readonly unknown[]).map((x) => floats(tensor(x)));
      const equation = readEquation(
        String(subscripts),
        tensors.map(({ rank }) => rank),
      );
      return einsum(equation, tensors);
    },
  },
  Dot: product((a, b) => {
    if (a.rank === 0 || b.rank === 0) return tf.mul(a, b);
    return tensordot(a, b, [-1], [b.rank === 1 ? -1 : -2]);
  }),
  Tensordot: {
    names: ['x1', 'x2', 'axes'],
    run({ x1, x2, axes = 2 }) {
      const [a, b] = [x1, x2].map((x) => floats(tensor(x))) as [Tensor, Tensor];
      if (Array.isArray(axes)) return tensordot(a, b, numbers(axes[0]), numbers(axes[1]));
      const count = Array.from({ length: Number(axes) }, (_, n) => n);
      return tensordot(
        a,
        b,
        count.map((n) => a.rank - Number(axes) + n),
        count,
      );
    },
  },
  Inner: product((a, b) => (a.rank === 0 || b.rank === 0 ? tf.mul(a, b) : tensordot(a, b, [-1], [-1]))),
  Outer: product((a, b) => tf.mul(tf.expandDims(flat(a), 1), tf.expandDims(flat(b), 0))),
  Vdot: product((a, b) => tf.sum(tf.mul(flat(a), flat(b)))),
  Kron: product((a, b) => {
    const rank = Math.max(a.rank, b.rank);
    const padded = ({ shape }: Tensor): number[] =>
      Array<number>(rank - shape.length)
        .fill(1)
        .concat(shape);
    const [left, right] = [padded(a), padded(b)];
    const between = (shape: number[], first: boolean): number[] =>
      shape.flatMap((size) => (first ? [size, 1] : [1, size]));
    const all = tf.mul(tf.reshape(a, between(left, true)), tf.reshape(b, between(right, false)));
    return tf.reshape(
      all,
      left.map((size, n) => size * right[n]!),
    );
  }),
  Cross: {
    names: ['x1', 'x2', 'axisa', 'axisb', 'axisc', 'axis'],
    run({ x1, x2, axisa, axisb, axisc, axis }) {
      const last = (x: unknown, at: unknown): Tensor => moveAxes(floats(tensor(x)), [axisOf(axis ?? at)], [-1]);
      return moveAxes(cross(last(x1, axisa), last(x2, axisb)), [-1], [axisOf(axis ?? axisc)]);
    },
  },
  CDist: {
    names: ['x', 'y'],
    run({ x, y }) {
      const [a, b] = [x, y].map((one) => floats(tensor(one))) as [Tensor, Tensor];
      return tf.sqrt(tf.sum(tf.square(tf.sub(tf.expandDims(a, -2), tf.expandDims(b, -3))), -1));
    },
  },
};
