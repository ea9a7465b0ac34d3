import { readMaps } from '@heed/heatmap';
import { describe, expect, test } from 'vitest';
import { rowFacts } from './row-facts.js';

const factsOf = (json: unknown) => rowFacts(readMaps(JSON.stringify(json)).maps[0]);

describe('facts about rows', () => {
  test('the entropy is 0 for one place, log₂ n for n alike, and between for others', () => {
    const facts = factsOf([
      [0, 1, 0, 0],
      [0.25, 0.25, 0.25, 0.25],
      [0.5, 0.25, 0.25, 0],
    ]);
    expect(facts.map(({ entropy }) => entropy)).toEqual([0, 2, 1.5]);
    expect(facts.map(({ most }) => most)).toEqual([1, 0, 0]);
  });

  test('masked cells take no part', () => {
    expect(
      factsOf([
        [0.5, 0.5, null],
        [null, null, null],
      ]),
    ).toEqual([
      { most: 0, weight: 0.5, entropy: 1 },
      { most: undefined, weight: 0, entropy: undefined },
    ]);
  });

  test('rows that are no shares of 1 have none', () => {
    expect(
      factsOf([
        [2, 3],
        [-0.5, 1.5],
        [0.333, 0.667],
      ]).map(({ entropy }) => entropy === undefined),
    ).toEqual([true, true, false]);
  });
});
