import { eachStep } from '@heed/core/model-ops';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { concat, expandDims, moveAxes, repeat, split, squeeze, swapAxes, tile } from '../array-operations.js';
import { axesOf, axisOf, fromTheStart, numbers, tensor } from '../operation-arguments.js';
import { unary, type Operation, type Operations } from './operation.js';

/** Of ranks below this, axes of length 1 are put in front, as `atleast_nd` does. */
const atLeast = (x: Tensor, rank: number): Tensor =>
  x.rank >= rank ? x : tf.reshape(x, [...Array<number>(rank - x.rank).fill(1), ...x.shape]);

const joined = (join: (xs: readonly Tensor[]) => Tensor): Operation => ({
  names: ['xs'],
  run: ({ xs }) => join((xs as readonly unknown[]).map(tensor)),
});

const parted = (axis: (x: Tensor) => number): Operation => ({
  names: ['x', 'indicesOrSections'],
  run: ({ x, indicesOrSections }) => split(tensor(x), indicesOrSections, axis(tensor(x))),
});

/** Sections of which the first ones are longer by one where the length isn't a multiple. */
function nearlyEqual(length: number, sections: unknown): unknown {
  if (typeof sections !== 'number') return sections;
  const rest = length % sections;
  const size = Math.floor(length / sections);
  return Array.from({ length: sections - 1 }, (_, n) => (n + 1) * size + Math.min(n + 1, rest));
}

const rolled = (x: Tensor, shift: number, axis: number): Tensor => {
  const at = axis < 0 ? axis + x.rank : axis;
  const length = x.shape[at]!;
  const away = ((shift % length) + length) % length;
  if (away === 0) return tf.clone(x);
  return tf.concat(tf.split(x, [length - away, away], at).toReversed(), at);
};

export const shapes: Operations = {
  Transpose: { names: ['x', 'axes'], run: ({ x, axes }) => tf.transpose(tensor(x), axesOf(axes)) },
  Swapaxes: {
    names: ['x', 'axis1', 'axis2'],
    run: ({ x, axis1, axis2 }) => swapAxes(tensor(x), Number(axis1), Number(axis2)),
  },
  Reshape: { names: ['x', 'newshape'], run: ({ x, newshape }) => tf.reshape(tensor(x), numbers(newshape)) },
  ExpandDims: { names: ['x', 'axis'], run: ({ x, axis }) => expandDims(tensor(x), axesOf(axis) ?? [-1]) },
  Moveaxis: {
    names: ['x', 'source', 'destination'],
    run: ({ x, source, destination }) => moveAxes(tensor(x), numbers(source), numbers(destination)),
  },
  Squeeze: { names: ['x', 'axis'], run: ({ x, axis }) => squeeze(tensor(x), axesOf(axis)) },
  Concatenate: { names: ['xs', 'axis'], run: ({ xs, axis }) => concat(xs as Tensor[], axisOf(axis)) },
  Stack: { names: ['x', 'axis'], run: ({ x, axis }) => tf.stack(x as Tensor[], axisOf(axis, 0)) },
  Split: {
    names: ['x', 'indicesOrSections', 'axis'],
    run: ({ x, indicesOrSections, axis }) => split(tensor(x), indicesOrSections, axisOf(axis, 0)),
  },
  Unstack: { names: ['x', 'num', 'axis'], run: ({ x, axis }) => eachStep(tensor(x), axisOf(axis, 0)) },
  Repeat: { names: ['x', 'repeats', 'axis'], run: ({ x, repeats, axis }) => repeat(tensor(x), Number(repeats), axis) },
  Tile: { names: ['x', 'repeats'], run: ({ x, repeats }) => tile(tensor(x), numbers(repeats)) },
  Flip: { names: ['x', 'axis'], run: ({ x, axis }) => tf.reverse(tensor(x), axesOf(axis)) },
  BroadcastTo: { names: ['x', 'shape'], run: ({ x, shape }) => tf.broadcastTo(tensor(x), numbers(shape)) },
  Fliplr: unary((x) => tf.reverse(x, 1)),
  Flipud: unary((x) => tf.reverse(x, 0)),
  Ravel: unary((x) => tf.reshape(x, [-1])),
  Hstack: joined((xs) =>
    concat(
      xs.map((x) => atLeast(x, 1)),
      xs[0]!.rank < 2 ? 0 : 1,
    ),
  ),
  Vstack: joined((xs) =>
    concat(
      xs.map((x) => atLeast(x, 2)),
      0,
    ),
  ),
  Dstack: joined((xs) =>
    concat(
      xs.map((x) => (x.rank < 3 ? tf.expandDims(atLeast(x, 2), 2) : x)),
      2,
    ),
  ),
  Append: {
    names: ['x1', 'x2', 'axis'],
    run({ x1, x2, axis }) {
      const xs = [tensor(x1), tensor(x2)];
      return axis === undefined || axis === null
        ? concat(
            xs.map((x) => tf.reshape(x, [-1])),
            0,
          )
        : concat(xs, axisOf(axis) < 0 ? axisOf(axis) + xs[0]!.rank : axisOf(axis));
    },
  },
  Hsplit: parted((x) => (x.rank < 2 ? 0 : 1)),
  Vsplit: parted(() => 0),
  Dsplit: parted(() => 2),
  ArraySplit: {
    names: ['x', 'indicesOrSections', 'axis'],
    run({ x, indicesOrSections, axis }) {
      const along = axisOf(axis, 0);
      const given = tensor(x);
      return split(given, nearlyEqual(given.shape.at(along)!, indicesOrSections), along);
    },
  },
  Roll: {
    names: ['x', 'shift', 'axis'],
    run({ x, shift, axis }) {
      const given = tensor(x);
      const shifts = numbers(shift);
      if (axis === undefined || axis === null) {
        return tf.reshape(rolled(tf.reshape(given, [-1]), shifts[0]!, 0), given.shape);
      }
      const axes = axesOf(axis)!;
      return axes.reduce((y, one, n) => rolled(y, shifts[n] ?? shifts[0]!, one), given);
    },
  },
  Rot90: {
    names: ['array', 'k', 'axes'],
    run({ array, k = 1, axes }) {
      const given = tensor(array);
      const [from, to] = fromTheStart(numbers(axes ?? [0, 1]), given.rank) as [number, number];
      const turns = ((Number(k) % 4) + 4) % 4;
      if (turns === 0) return tf.clone(given);
      if (turns === 2) return tf.reverse(given, [from, to]);
      return turns === 1 ? tf.reverse(swapAxes(given, from, to), from) : swapAxes(tf.reverse(given, from), from, to);
    },
  },
  Meshgrid: {
    names: ['indexing'],
    run({ rest, indexing }) {
      const xs = (rest as readonly unknown[]).map((x) => tf.reshape(tensor(x), [-1]));
      const swap = indexing !== 'ij' && xs.length > 1;
      const place = (n: number): number => (swap && n < 2 ? 1 - n : n);
      const shape = xs.map((_, n) => xs[place(n)]!.size);
      return xs.map((x, n) =>
        tf.broadcastTo(
          tf.reshape(
            x,
            xs.map((_, axis) => (axis === place(n) ? x.size : 1)),
          ),
          shape,
        ),
      );
    },
  },
};
