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
  expect(maps.flatMap(({ weights }) => weights.flatMap((row) => Array.from(row)))).toEqual([...data]);
});
