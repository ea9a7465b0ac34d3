import { describe, expect, test } from 'vitest';
import { TOYS } from '../../engine/jobs.js';
import { drawRows, LETTERS, PLACES } from './letters.js';

describe('toys', () => {
  test.each([
    ['copy', 'dba', [0, 1, 2]],
    ['reverse', 'dba', [2, 1, 0]],
    ['sort', 'dba', [2, 1, 0]],
    ['sort', 'bdac', [2, 0, 3, 1]],
  ] as const)('%s %s from the places %j', (toy, source, places) => {
    expect(PLACES[toy]([...source])).toEqual(places);
  });

  test.each(TOYS)('%s: rows are different, of different letters, and say what is to be written', (toy) => {
    const rows = drawRows({ toy, seed: 3 }, 500);
    expect(new Set(rows.map(({ source }) => source.join(''))).size).toBe(500);
    expect(new Set(rows.map(({ source }) => source.length))).toEqual(new Set([3, 4, 5, 6, 7, 8]));
    for (const { source, targets } of rows) {
      expect(new Set(source).size).toBe(source.length);
      expect(source.every((letter) => LETTERS.includes(letter))).toBe(true);
      const written = { copy: source, reverse: source.toReversed(), sort: source.toSorted() }[toy];
      expect(targets).toEqual([written]);
    }
  });

  test('another seed draws other rows', () => {
    const [one, same, other] = [1, 1, 2].map((seed) => drawRows({ toy: 'copy', seed }, 20));
    expect(same).toEqual(one);
    expect(other).not.toEqual(one);
  });
});
