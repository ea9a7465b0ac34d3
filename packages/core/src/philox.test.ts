import { expect, it } from 'vitest';
import { dropoutFactor } from './philox.js';

it('uses all of the counter and of the seed', () => {
  const bits = (seed: number, from: number): string =>
    Array.from({ length: 64 }, (_, n) => (dropoutFactor({ rate: 0.5, seed })(from + n) > 0 ? 1 : 0)).join('');
  const streams = [bits(1, 0), bits(2, 0), bits(1 + 2 ** 32, 0), bits(1, 2 ** 32), bits(1, 64)];
  expect(new Set(streams).size).toBe(streams.length);
});
