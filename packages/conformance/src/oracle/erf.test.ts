import { expect, it } from 'vitest';
import { erf } from './erf.js';

// Abramowitz & Stegun 1964, table 7.1.
it.each([
  [0, 0],
  [0.1, 0.112462916],
  [0.5, 0.5204998778],
  [1, 0.8427007929],
  [1.5, 0.9661051465],
  [2, 0.995322265],
])('erf %d is %d', (x, expected) => {
  expect(erf(x)).toBeCloseTo(expected, 10);
  expect(erf(-x)).toBe(-erf(x));
});

it('ends at ±1, and passes NaN on', () => {
  expect([erf(5.9), erf(6), erf(-Infinity), erf(NaN)]).toEqual([1, 1, -1, NaN]);
});
