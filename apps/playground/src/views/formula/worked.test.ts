import { cpu } from '@heed/backend-cpu';
import { selectBackend, type AttentionBackend } from '@heed/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FORMULA_MECHANISMS, type AttentionSetup, type MechanismKind } from '../../engine/jobs.js';
import { attend } from '../../worker/attend.js';
import { rowsOf } from '../rows.js';
import { FACTORS } from './factors.js';
import { workedProduct, workedRow } from './worked.js';

const SETUP: AttentionSetup = {
  mechanism: 'scaledDotProduct',
  query: ['a', 'cat', 'sat'],
  memory: ['the', 'cat', 'sat'],
  queryVectors: 'random',
  memoryVectors: 'random',
  width: 8,
  heads: 2,
  seed: 7,
  edits: [],
  positions: true,
  temperature: 1,
  softCap: null,
  dropout: null,
  causal: false,
  window: null,
  length: null,
};

describe('numbers behind a cell', () => {
  let backend: AttentionBackend;
  beforeAll(async () => {
    backend = await selectBackend(cpu());
  });
  afterAll(() => backend.dispose());

  test.each(Object.keys(FACTORS) as MechanismKind[])(
    '%s: the terms add up to the score that the library computes, in every head',
    async (mechanism) => {
      const setup = {
        ...SETUP,
        mechanism,
        edits: mechanism === 'additive' ? [{ key: 'bias', index: 1, value: 0.5 }] : [],
      };
      const answer = await attend(setup);
      for (let head = 0; head < answer.scores.shape[0]; head++) {
        for (const row of [0, 1, 2]) {
          for (const column of [0, 1, 2]) {
            const { terms, score } = workedProduct(setup, answer, { head, row, column })!;
            expect(terms).toHaveLength(8 / answer.scores.shape[0]);
            expect(score).toBeCloseTo(rowsOf(answer.scores, head)[row][column], 5);
          }
        }
      }
    },
  );

  test('mechanisms that remember what they looked at have no such product', async () => {
    const without = FORMULA_MECHANISMS.filter((kind) => FACTORS[kind] === undefined);
    expect(without).toEqual(expect.arrayContaining(['coverage', 'locationSensitive', 'linear']));
    for (const mechanism of without) {
      const setup = { ...SETUP, mechanism };
      expect(workedProduct(setup, await attend(setup), { head: 0, row: 0, column: 0 })).toBeUndefined();
    }
  });

  test.each(FORMULA_MECHANISMS)(
    '%s: the shares are the weights that the library computes, of every head',
    async (mechanism) => {
      const answer = await attend({ ...SETUP, mechanism, temperature: 0.5, softCap: 3 });
      for (let head = 0; head < answer.weights.shape[0]; head++) {
        const { cells, sum } = workedRow(answer, { head, row: 1, column: 0 });
        for (const { exp, weight } of cells) expect(exp / sum).toBeCloseTo(weight, 5);
      }
    },
  );

  test('masked cells have no share, and a row of them none at all', async () => {
    const causal = await attend({ ...SETUP, causal: true });
    const first = workedRow(causal, { head: 0, row: 0, column: 0 });
    expect(first.cells.map(({ exp, isMasked }) => [exp, isMasked])).toEqual([
      [1, false],
      [0, true],
      [0, true],
    ]);
    expect([first.sum, first.entropy]).toEqual([1, 0]);
    const empty = workedRow(await attend({ ...SETUP, length: 0 }), { head: 0, row: 0, column: 0 });
    expect([empty.greatest, empty.sum, empty.cells.some(({ weight }) => weight !== 0)]).toEqual([undefined, 0, false]);
  });
});
