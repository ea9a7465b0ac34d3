import { expect, it } from 'vitest';
import { meanOf } from './interval.js';

it('a mean has its interval by Student’s t', () => {
  // Student 1908, table of sleep gained, differences of the ten patients: mean 1.58, 95 % interval 0.70 to 2.46.
  const { mean, half, count } = meanOf([1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4]);
  expect(count).toBe(10);
  expect(mean).toBeCloseTo(1.58, 10);
  expect(mean - half!).toBeCloseTo(0.7001, 3);
  expect(mean + half!).toBeCloseTo(2.4599, 3);
});

it('a single value has none', () => {
  expect(meanOf([3])).toEqual({ mean: 3, half: undefined, count: 1 });
});
