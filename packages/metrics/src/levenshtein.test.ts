import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editDistance } from './levenshtein.js';

const letters = (text: string): string[] => [...text];

describe('editDistance', () => {
  it.each([
    ['', '', 0],
    ['', 'abc', 3],
    ['abc', '', 3],
    ['abc', 'abc', 0],
    ['kitten', 'sitting', 3], // k→s, e→i, +g
    ['saturday', 'sunday', 3], // −a, −t, r→n
    ['ab', 'ba', 2], // a transposition is two edits
    ['abcdef', 'bcdefg', 2],
  ])('%j to %j is %i', (a, b, distance) => {
    expect(editDistance(letters(a), letters(b))).toBe(distance);
  });

  it('compares symbols, not characters', () => {
    expect(editDistance(['AH', 'T'], ['A', 'HT'])).toBe(2);
  });

  const word = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 8 });

  it('is a metric', () => {
    fc.assert(
      fc.property(word, word, word, (a, b, c) => {
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, b) === 0).toBe(a.join('') === b.join(''));
        expect(editDistance(a, c)).toBeLessThanOrEqual(editDistance(a, b) + editDistance(b, c));
      }),
    );
  });

  it('equals the definition by recursion', () => {
    const byDefinition = (a: readonly string[], b: readonly string[]): number => {
      if (a.length === 0 || b.length === 0) return a.length + b.length;
      return Math.min(
        byDefinition(a.slice(1), b) + 1,
        byDefinition(a, b.slice(1)) + 1,
        byDefinition(a.slice(1), b.slice(1)) + (a[0] === b[0] ? 0 : 1),
      );
    };
    const short = fc.array(fc.constantFrom('a', 'b'), { maxLength: 5 });
    fc.assert(fc.property(short, short, (a, b) => editDistance(a, b) === byDefinition(a, b)));
  });
});
