import { dropoutFactor } from '@heed/core';
import { expect, test } from 'vitest';
import { DropoutRows } from './dropout.js';
import { COLS, LEFT, ROWS, rowStart } from './tile.js';

const seeds = [0, 1, 7, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 123_456_789_012_345, 2 ** 53 - 1];

test.each(seeds)('the factors are core’s, bit for bit (seed %i)', (seed) => {
  for (const rate of [0.1, 0.5, 0.97]) {
    const rows = new DropoutRows({ rate, seed });
    const expected = dropoutFactor({ rate, seed });
    for (const start of [0, 5, 2 ** 31 - 50, 2 ** 32 - 50, 3 * 2 ** 32 - 50, 2 ** 52]) {
      const factors = new Float64Array(200);
      rows.fill(start, 100, factors, 1, 2);
      for (let c = 0; c < 100; c++) expect(factors[1 + 2 * c]).toBe(expected(start + c));
    }
  }
});

test('a tile takes its rows from the whole array of weights', () => {
  const dropout = { rate: 0.4, seed: 99 };
  const tile = new Float64Array(ROWS * COLS);
  new DropoutRows(dropout).fillTile(1000, 300, 7, 9, tile);
  const expected = dropoutFactor(dropout);
  for (let r = 0; r < 7; r++) {
    for (let c = 0; c < 9; c++) {
      expect(tile[rowStart(r) + c * LEFT]).toBe(expected(1000 + r * 300 + c));
    }
  }
});
