import { expect, test } from 'vitest';
import { difference, differ, timingOf, withSpread } from './timing.js';

const range = (from: number, count: number): number[] => Array.from({ length: count }, (_, n) => from + n);

test('of five rounds the spread goes from the fastest to the slowest, of more it leaves some out at both ends', () => {
  expect(timingOf([3, 1, 5, 2, 4])).toEqual({ ms: 3, low: 1, high: 5, rounds: 5 });
  // With 8, 1 − 2 (1 + 8) / 2⁸ = 93 %; with 20, 1 − 2 (1 + 20 + 190 + 1140 + 4845) / 2²⁰ = 98.8 %, and with 6 left out 95.9 %, 7 88 %
  expect(timingOf(range(1, 8))).toMatchObject({ low: 2, high: 7 });
  expect(timingOf(range(1, 20))).toMatchObject({ low: 6, high: 15 });
  expect(timingOf(range(1, 2))).toMatchObject({ low: 1, high: 2 });
  expect(timingOf([7])).toEqual({ ms: 7, low: 7, high: 7, rounds: 1 });
});

test('an outlier doesn’t hide a difference when there are rounds enough, and the spread narrows with them', () => {
  const many = timingOf([...range(100, 40), 10_000]);
  expect(many.high).toBeLessThan(140);
  expect(differ(many, timingOf(range(200, 41)))).toBe(true);
});

test('a difference is told only where the spreads don’t meet', () => {
  const fast = timingOf([10, 11, 12, 13, 14]);
  expect(difference(timingOf([20, 21, 22, 23, 24]), fast)).toBe('+10 ms');
  expect(difference(fast, timingOf([20, 21, 22, 23, 24]))).toBe('−10 ms');
  expect(difference(fast, timingOf([14, 30, 31, 32, 33]))).toBe('within noise');
  expect(difference(timingOf([1]), timingOf([100]))).toBe('needs 5 rounds');
});

test('times are without exponents', () => {
  expect(withSpread(timingOf([12.345, 12, 13, 12.5, 11.94]))).toBe('12.3 ms (11.9–13)');
  expect(withSpread(timingOf([1234.5, 1200, 1300, 1250, 999]))).toBe('1.23 s (0.999–1.3)');
});

test('two times that are the same differ in less than one of a hundred comparisons of five rounds', () => {
  let seed = 1;
  const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  const five = () => timingOf(Array.from({ length: 5 }, random));
  const told = Array.from({ length: 5000 }, () => differ(five(), five())).filter(Boolean).length;
  expect(told / 5000).toBeLessThan(0.012); // 2 / C(10, 5) = 0.8 %
});
