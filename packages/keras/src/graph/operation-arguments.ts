import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** Arguments of an op by their names, in camel case as Python has them otherwise. */
export type Given = Readonly<Record<string, unknown>>;

/** A tensor: itself, or a plain number or list as one. */
export const tensor = (value: unknown): Tensor =>
  value instanceof tf.Tensor
    ? value
    : tf.tensor(value as number, undefined, typeof value === 'boolean' ? 'bool' : 'float32');
/** Numbers to compute with: bools as 0 and 1. */
export const numeric = (x: Tensor): Tensor => (x.dtype === 'bool' ? tf.cast(x, 'int32') : x);
/** Truth of each number. */
export const logical = (value: unknown): Tensor => tf.cast(tensor(value), 'bool');
/** The same as float32. */
export const floats = (x: Tensor): Tensor => tf.cast(x, 'float32');

/** Two operands of one type: integers become floats beside floats, and a plain number takes the type of the other. */
export function pair(a: unknown, b: unknown): [Tensor, Tensor] {
  const [x, y] = [a, b].map((one) => (one instanceof tf.Tensor ? numeric(one) : one));
  if (x instanceof tf.Tensor && y instanceof tf.Tensor) return x.dtype === y.dtype ? [x, y] : [floats(x), floats(y)];
  if (x instanceof tf.Tensor)
    return x.dtype === 'int32' && Number.isInteger(y) ? [x, tf.scalar(y as number, 'int32')] : [floats(x), tensor(y)];
  if (y instanceof tf.Tensor)
    return y.dtype === 'int32' && Number.isInteger(x) ? [tf.scalar(x as number, 'int32'), y] : [tensor(x), floats(y)];
  return [tensor(x), tensor(y)];
}

/** Axes, one or several; undefined for all. */
export function axesOf(axis: unknown): number[] | undefined {
  if (axis === undefined || axis === null) return undefined;
  return (Array.isArray(axis) ? axis : [axis]).map(Number);
}

/** Axes of which negative ones are counted from the end. */
export const fromTheStart = (axes: readonly number[], rank: number): number[] =>
  axes.map((axis) => (axis < 0 ? axis + rank : axis));

/** One axis, the last by default. */
export const axisOf = (axis: unknown, otherwise = -1): number =>
  axis === undefined || axis === null ? otherwise : Number(axis);
/** Whole numbers, of which some may be tensors of one number. */
export const numbers = (list: unknown): number[] =>
  (Array.isArray(list) ? list : [list]).map((one) =>
    one instanceof tf.Tensor ? Number(one.dataSync()[0]) : Number(one),
  );

/** What Keras's files say of a type: 'float32', or a policy. */
export function dtypeOf(dtype: unknown): 'float32' | 'int32' | 'bool' {
  const name = typeof dtype === 'string' ? dtype : String((dtype as { config?: { name?: unknown } }).config?.name);
  if (name === 'bool') return 'bool';
  return /^u?int/.test(name) ? 'int32' : 'float32';
}
