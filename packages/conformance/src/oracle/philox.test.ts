import { describe, expect, it } from 'vitest';
import { dropoutFactor, philox } from './philox.js';

const hex = (words: readonly number[]): string => words.map((word) => word.toString(16).padStart(8, '0')).join(' ');

describe('Philox 4×32-10', () => {
  // The known-answer vectors of Random123 (kat_vectors, philox4x32 10).
  it.each([
    [[0, 0, 0, 0], [0, 0], '6627e8d5 e169c58d bc57ac4c 9b00dbd8'],
    [[0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff], [0xffffffff, 0xffffffff], '408f276d 41c83b0e a20bc7c6 6d5451fd'],
    [[0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0], 'd16cfe09 94fdcceb 5001e420 24126ea1'],
  ])('%j, %j', (counter, key, expected) => {
    expect(hex(philox(counter, key))).toBe(expected);
  });
});

describe('dropout', () => {
  it('keeps what its first word says, scaled', () => {
    // The first words for key (7, 0) decide; 0.5 is the half of the range.
    const factor = dropoutFactor({ rate: 0.5, seed: 7 });
    for (let n = 0; n < 20; n++) expect(factor(n)).toBe(philox([n, 0, 0, 0], [7, 0])[0] >= 2 ** 31 ? 2 : 0);
  });

  it('takes both words of a seed', () => {
    const factors = (seed: number): number[] =>
      Array.from({ length: 64 }, (_, n) => dropoutFactor({ rate: 0.5, seed })(n));
    expect(factors(5)).not.toEqual(factors(2 ** 32 + 5));
    expect(factors(2 ** 32 + 5)).toEqual(
      Array.from({ length: 64 }, (_, n) => (philox([n, 0, 0, 0], [5, 1])[0] >= 2 ** 31 ? 2 : 0)),
    );
  });

  it('drops about its share', () => {
    const factor = dropoutFactor({ rate: 0.3, seed: 1 });
    const dropped = Array.from({ length: 4000 }, (_, n) => factor(n)).filter((x) => x === 0).length;
    expect(dropped / 4000).toBeGreaterThan(0.27);
    expect(dropped / 4000).toBeLessThan(0.33);
  });

  it('is 1 without dropout', () => {
    expect(dropoutFactor(undefined)(3)).toBe(1);
  });
});
