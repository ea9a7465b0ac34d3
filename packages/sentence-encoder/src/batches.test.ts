import { expect, it } from 'vitest';
import { batchesOf } from './batches.js';

it('puts like lengths together, longest first', () => {
  expect(batchesOf([3, 128, 4, 70, 5])).toEqual([
    { rows: [1, 3], time: 128 },
    { rows: [4, 2, 0], time: 5 },
  ]);
  expect(batchesOf([])).toEqual([]);
});

it('starts a new batch when one is full', () => {
  const batches = batchesOf(Array.from({ length: 40 }, () => 128));
  expect(batches.map(({ rows }) => rows.length)).toEqual([16, 16, 8]);
  expect(batches.flatMap(({ rows }) => rows)).toEqual([...Array(40).keys()]);
});
