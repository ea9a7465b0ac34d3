import { expect, test } from 'vitest';
import { median, medianInterval } from './statistics.js';

test('the median of an odd and of an even number of values', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 3, 2])).toBe(2.5);
});

test('the interval holds the median, is the range for few values, and is narrower for many', () => {
  expect(medianInterval([5, 1, 3])).toEqual([1, 5]);
  const many = Array.from({ length: 101 }, (_, n) => n);
  const [low, high] = medianInterval(many);
  expect(low).toBeGreaterThan(35);
  expect(high).toBeLessThan(65);
  expect(low + high).toBe(100);
});
