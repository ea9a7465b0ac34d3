import { expect, test } from 'vitest';
import { intervalOf, MOST_VALUES } from './interval.js';

test('is the textbook’s interval of a mean', () => {
  // s² = 2.5, t(4) = 2.776: 3 ± 2.776 · √(2.5 / 5)
  expect(intervalOf([1, 2, 3, 4, 5])).toEqual({ mean: 3, half: expect.closeTo(2.776 * Math.sqrt(0.5), 12) });
});

test('of one value knows no spread, of equal ones there is none', () => {
  expect(intervalOf([7])).toEqual({ mean: 7 });
  expect(intervalOf([7, 7, 7])).toEqual({ mean: 7, half: 0 });
});

test('holds the true mean nineteen times of twenty', () => {
  let state = 1;
  const uniform = (): number => (state = (state * 48271) % 2147483647) / 2147483647;
  const normal = (): number => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  for (const size of [2, 3, MOST_VALUES]) {
    const held = Array.from({ length: 4000 }, () => {
      const { mean, half } = intervalOf(Array.from({ length: size }, normal));
      return Math.abs(mean) <= half! ? 1 : 0;
    }).reduce<number>((sum, one) => sum + one, 0);
    expect(held / 4000).toBeCloseTo(0.95, 1.7);
  }
});
