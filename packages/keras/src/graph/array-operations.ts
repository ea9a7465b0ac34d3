import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { HeedError } from '@heed/base';
import { axisOf, dtypeOf, floats, numbers, type Given } from './operation-arguments.js';

export function swapAxes(x: Tensor, a: number, b: number): Tensor {
  const axes = x.shape.map((_, n) => n);
  const [from, to] = [a, b].map((axis) => (axis < 0 ? axis + x.rank : axis)) as [number, number];
  axes[from] = to;
  axes[to] = from;
  return tf.transpose(x, axes);
}

/** What goes along an axis, with the axis counted from the start; without one, all numbers in a row. */
export const alongOrFlat = (x: Tensor, axis: unknown): [x: Tensor, axis: number] =>
  axis === undefined || axis === null ? [tf.reshape(x, [-1]), 0] : [x, Number(axis) + (Number(axis) < 0 ? x.rank : 0)];

/** Axes at other places; those that aren't named stay in their order. */
export function moveAxes(x: Tensor, from: readonly number[], to: readonly number[]): Tensor {
  const [sources, places] = [from, to].map((axes) => axes.map((axis) => (axis < 0 ? axis + x.rank : axis)));
  const others = x.shape.map((_, n) => n).filter((n) => !sources!.includes(n));
  return tf.transpose(
    x,
    x.shape.map((_, n) => (places!.includes(n) ? sources![places!.indexOf(n)]! : others.shift()!)),
  );
}

/** A matrix with its rows and columns exchanged, where that is wanted. */
export const turned = (x: Tensor, wanted: unknown): Tensor => (wanted === true ? swapAxes(x, -2, -1) : x);

/** Matrices with zeros except where the column is so far to the right of the row. */
export function triangle(x: Tensor, keeps: (away: number) => boolean): Tensor {
  const [rows, columns] = x.shape.slice(-2) as [number, number];
  const kept = Uint8Array.from({ length: rows * columns }, (_, n) =>
    Number(keeps((n % columns) - Math.floor(n / columns))),
  );
  const mask = tf.broadcastTo(tf.tensor(kept, [rows, columns], 'bool'), x.shape);
  return tf.where(mask, x, tf.zerosLike(x));
}

export function extreme(run: typeof tf.argMax, x: Tensor, axis: unknown, keep: unknown): Tensor {
  if (axis === undefined || axis === null) return run(tf.reshape(x, [-1]), 0);
  const found = run(x, Number(axis));
  return keep === true ? tf.expandDims(found, Number(axis)) : found;
}

/** NumPy's product: vectors on either side, and batches that broadcast. */
export function matmul(a: Tensor, b: Tensor): Tensor {
  if (a.rank === 1 && b.rank === 1) return tf.dot(a, b);
  if (b.rank === 1)
    return tf.squeeze(
      matmul(a, tf.expandDims(b, 1)),
      [-1].map((axis) => axis + Math.max(a.rank, 2)),
    );
  if (a.rank === 1) {
    const product = matmul(tf.expandDims(a, 0), b);
    return tf.squeeze(product, [product.rank - 2]);
  }
  // A matrix on the right, as kernels are: one product instead of one for each batch row.
  if (b.rank === 2 && a.rank > 2) {
    const rows = tf.matMul(tf.reshape(a, [-1, a.shape.at(-1)!]) as tf.Tensor2D, b as tf.Tensor2D);
    return tf.reshape(rows, [...a.shape.slice(0, -1), b.shape[1]!]);
  }
  // TensorFlow.js's gradient isn't summed over batches that were broadcast.
  const batch = tf.broadcast_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const wide = (x: Tensor): Tensor => tf.broadcastTo(x, [...batch, ...x.shape.slice(-2)]);
  return tf.matMul(wide(a), wide(b));
}

export function expandDims(x: Tensor, axes: readonly number[]): Tensor {
  const rank = x.rank + axes.length;
  const at = axes.map((axis) => (axis < 0 ? axis + rank : axis)).toSorted((a, b) => a - b);
  return at.reduce((y, axis) => tf.expandDims(y, axis), x);
}

export const squeeze = (x: Tensor, axes: readonly number[] | undefined): Tensor =>
  tf.squeeze(
    x,
    axes?.map((axis) => (axis < 0 ? axis + x.rank : axis)),
  );

export function concat(xs: readonly Tensor[], axis: number): Tensor {
  const same = xs.every(({ dtype }) => dtype === xs[0]!.dtype);
  return tf.concat(same ? [...xs] : xs.map(floats), axis);
}

export function split(x: Tensor, sections: unknown, axis: number): Tensor[] {
  // TensorFlow.js 4.22's gradient of `split` fails when there is one part.
  if (sections === 1) return [tf.clone(x)];
  if (typeof sections === 'number') return tf.split(x, sections, axis);
  const at = axis < 0 ? axis + x.rank : axis;
  const ends = [...numbers(sections), x.shape[at]!];
  return tf.split(
    x,
    ends.map((end, n) => end - (ends[n - 1] ?? 0)),
    at,
  );
}

export function repeat(x: Tensor, times: number, axis: unknown): Tensor {
  if (axis === undefined || axis === null) return repeat(tf.reshape(x, [-1]), times, 0);
  const at = axisOf(axis) < 0 ? axisOf(axis) + x.rank : axisOf(axis);
  const repeated = tf.tile(tf.expandDims(x, at + 1), [
    ...x.shape.map(() => 1).slice(0, at + 1),
    times,
    ...x.shape.slice(at + 1).map(() => 1),
  ]);
  return tf.reshape(repeated, x.shape.with(at, x.shape[at]! * times));
}

export function tile(x: Tensor, times: readonly number[]): Tensor {
  const rank = Math.max(times.length, x.rank);
  const wide = tf.reshape(x, [...Array<number>(rank - x.rank).fill(1), ...x.shape]);
  return tf.tile(wide, [...Array<number>(rank - times.length).fill(1), ...times]);
}

export const stopGradient = (x: Tensor): Tensor =>
  tf.customGrad((...given) => {
    const y = given[0] as Tensor;
    return { value: tf.clone(y), gradFunc: (dy: Tensor) => tf.zerosLike(dy) };
  })(x);

export function arange({ start, stop, step = 1, dtype }: Given): Tensor {
  const [from, to] = stop === undefined || stop === null ? [0, start] : [start, stop];
  const type = dtype === undefined || dtype === null ? 'int32' : dtypeOf(dtype);
  return tf.range(numbers(from)[0]!, numbers(to)[0]!, Number(step), type === 'float32' ? 'float32' : 'int32');
}

export function normalize(x: Tensor, axis: number): Tensor {
  const length = tf.sqrt(tf.sum(tf.square(x), axis, true));
  return tf.div(x, tf.maximum(length, 1e-12));
}

/** An index, a slice, or a tuple of them, among them None and an ellipsis. */
export function getItem(x: Tensor, key: unknown): Tensor {
  const given = Array.isArray(key) ? key : [key];
  const takes = given.filter((one) => one !== null && one !== '...' && !isEllipsis(one)).length;
  const parts = given.flatMap((one) =>
    isEllipsis(one) || one === '...' ? Array<unknown>(x.rank - takes).fill({}) : [one],
  );
  let axis = 0;
  let y = x;
  for (const part of parts) {
    if (part === null) y = tf.expandDims(y, axis++);
    else if (typeof part === 'number') {
      y = tf.squeeze(tf.slice(y, beginAt(y, axis, part < 0 ? part + y.shape[axis]! : part), sizeAt(y, axis, 1)), [
        axis,
      ]);
    } else y = sliced(y, axis++, part as Readonly<Record<string, unknown>>);
  }
  return y === x ? tf.clone(x) : y;
}

const isEllipsis = (part: unknown): boolean =>
  typeof part === 'object' && part !== null && (part as { class_name?: unknown }).class_name === '__ellipsis__';

function sliced(x: Tensor, axis: number, part: Readonly<Record<string, unknown>>): Tensor {
  const { start, stop, step } = (part['config'] ?? part) as Readonly<Record<string, unknown>>;
  const length = x.shape[axis]!;
  const place = (value: unknown, otherwise: number): number => {
    if (value === undefined || value === null) return otherwise;
    const at = Number(value) < 0 ? Number(value) + length : Number(value);
    return Math.min(Math.max(at, 0), length);
  };
  const stride = step === undefined || step === null ? 1 : Number(step);
  if (stride < 1)
    throw new HeedError('INVALID_ARGUMENT', {
      message: `a slice with step ${stride}`,
      hint: 'only steps above 0 are supported',
    });
  const [from, to] = [place(start, 0), place(stop, length)];
  const taken = tf.slice(x, beginAt(x, axis, from), sizeAt(x, axis, Math.max(to - from, 0)));
  if (stride === 1) return taken;
  const indices = Array.from({ length: Math.ceil((to - from) / stride) }, (_, n) => n * stride);
  return tf.gather(taken, tf.tensor1d(indices, 'int32'), axis);
}

const beginAt = (x: Tensor, axis: number, from: number): number[] => x.shape.map((_, n) => (n === axis ? from : 0));
const sizeAt = (x: Tensor, axis: number, size: number): number[] =>
  x.shape.map((length, n) => (n === axis ? size : length));
