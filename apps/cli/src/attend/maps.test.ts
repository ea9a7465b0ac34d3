import { expect, test } from 'vitest';
import { mapsOf } from './maps.js';

test.each([
  [[1, 2], 2, ['']],
  [[2, 1, 2], 2, ['head 0', 'head 1']],
  [[2, 1, 2], 3, ['batch 0', 'batch 1']],
  [[2, 2, 1, 2], 3, ['batch 0, head 0', 'batch 0, head 1', 'batch 1, head 0', 'batch 1, head 1']],
  [[1, 2, 1, 2], 4, ['batch 0, head 0', 'batch 0, head 1']],
])('weights [%j] of inputs of rank %j are %j', (shape, rank, titles) => {
  const data = Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, n) => n);
  const maps = mapsOf({ shape, data }, rank, { seed: 1 });
  expect(maps.map(({ title }) => title)).toEqual(titles);
  expect(maps.every(({ masked }) => masked === undefined)).toBe(true);
  expect(maps.flatMap(({ weights }) => weights.flatMap((row) => Array.from(row)))).toEqual([...data]);
});

test('what is masked is so in the map of its batch row and head, and of all where an axis is 1', () => {
  const weights = { shape: [2, 2, 1, 2], data: new Float32Array(8) };
  const allowed = { shape: [2, 1, 1, 2], data: Uint8Array.of(1, 0, 0, 1) };
  expect(mapsOf(weights, 4, { seed: 1 }, allowed).map(({ masked }) => masked)).toEqual([
    [[false, true]],
    [[false, true]],
    [[true, false]],
    [[true, false]],
  ]);
});
