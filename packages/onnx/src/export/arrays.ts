import type { Values } from './traced.js';

/** Numbers with their shape. */
export interface ArrayOf {
  readonly shape: readonly number[];
  readonly values: Values;
}

const areSameValues = (a: Values, b: Values): boolean =>
  a === b || (a.length === b.length && (a as Float32Array).every((n, at) => Object.is(n, b[at])));

export const areSameShapes = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((n, axis) => n === b[axis]);

export const areSame = (a: ArrayOf, b: ArrayOf): boolean =>
  areSameShapes(a.shape, b.shape) && areSameValues(a.values, b.values);

/** The beginning of each axis. */
export function beginningOf({ shape, values }: ArrayOf, size: readonly number[]): ArrayOf {
  const taken = (values as Float32Array).slice(0, 0).constructor as new (length: number) => Values;
  const result = new taken(size.reduce((a, b) => a * b, 1));
  const strides = stridesOf(shape);
  const place = size.map(() => 0);
  for (let n = 0, from = 0; n < result.length; n++) {
    result[n] = values[from];
    for (let axis = size.length - 1; axis >= 0; axis--) {
      from += strides[axis];
      if (++place[axis] < size[axis]) break;
      from -= size[axis] * strides[axis];
      place[axis] = 0;
    }
  }
  return { shape: size, values: result };
}

/** Whether all along an axis is the same. */
export function isUniformAlong(axis: number, { shape, values }: ArrayOf): boolean {
  const length = shape[axis];
  const inner = shape.slice(axis + 1).reduce((a, b) => a * b, 1);
  for (let n = 0; n < values.length; n++) {
    const first = n - (Math.floor(n / inner) % length) * inner;
    if (!Object.is(values[n], values[first])) return false;
  }
  return true;
}

const stridesOf = (shape: readonly number[]): number[] => {
  const strides: number[] = shape.map(() => 1);
  for (let axis = shape.length - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1] * shape[axis + 1];
  return strides;
};
