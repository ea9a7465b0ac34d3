import { describe, expect, it } from 'vitest';
import { splitter } from './split.js';

const keys = Array.from({ length: 20_000 }, (_, n) => `word${n}`);
const shares = { validation: 0.05, test: 0.1 };

describe('splitter', () => {
  it('gives each part its share', () => {
    const partOf = splitter(7, shares);
    const count = (part: string): number => keys.filter((key) => partOf(key) === part).length / keys.length;
    // Three standard deviations of a share of 0.1 in 20 000 are 0.0064.
    expect(Math.abs(count('test') - 0.1)).toBeLessThan(0.0064);
    expect(Math.abs(count('validation') - 0.05)).toBeLessThan(0.0047);
  });

  it('depends on seed and key alone', () => {
    const parts = (seed: number): string => keys.slice(0, 200).map(splitter(seed, shares)).join();
    expect(parts(7)).toBe(parts(7));
    expect(parts(7)).not.toBe(parts(8));
    expect(parts(2 ** 40 + 7)).not.toBe(parts(7));
  });

  it('moves nothing between test and train when validation grows', () => {
    const small = splitter(7, shares);
    const large = splitter(7, { validation: 0.3, test: 0.1 });
    for (const key of keys) if (small(key) === 'test') expect(large(key)).toBe('test');
  });

  it.each([
    [-1, shares],
    [1.5, shares],
    [2 ** 53, shares],
    [1, { validation: -0.1, test: 0.1 }],
    [1, { validation: 0.5, test: 0.5 }],
    [1, { validation: Number.NaN, test: 0.1 }],
  ])('refuses seed %d with shares %j', (seed, wrong) => {
    expect(() => splitter(seed, wrong)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  });
});
