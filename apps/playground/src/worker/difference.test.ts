import { expect, test } from 'vitest';
import { differenceOf } from './difference.js';

const of = (...values: number[]): Float32Array => Float32Array.from(values);

test('the largest differences, wherever they are', () => {
  const near = 1 + 2 ** -23;
  expect(differenceOf('x', of(1, 2, 0), of(1, 2, 0))).toEqual({ output: 'x', absolute: 0, relative: 0, ulps: 0 });
  expect(differenceOf('x', of(1), of(near))).toEqual({
    output: 'x',
    absolute: 2 ** -23,
    relative: 2 ** -23 / near,
    ulps: 1,
  });
  expect(differenceOf('x', of(8, 1), of(8, 1.5))).toEqual({
    output: 'x',
    absolute: 0.5,
    relative: 0.5 / 1.5,
    ulps: 2 ** 19,
  });
  expect(differenceOf('x', of(1e-3), of(2e-3)).relative).toBeCloseTo(0.5, 6);
});

test('what is not finite has to be the same', () => {
  expect(differenceOf('x', of(NaN, Infinity), of(NaN, Infinity)).absolute).toBe(0);
  expect(differenceOf('x', of(NaN), of(1)).ulps).toBe(Infinity);
  expect(differenceOf('x', of(Infinity), of(-Infinity)).absolute).toBe(Infinity);
});
