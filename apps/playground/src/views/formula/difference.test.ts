import { expect, test } from 'vitest';
import { defaultState } from '../../state/hash.js';
import { besideOf, differenceOf, weightsOf } from './difference.js';
import { setupOf } from './setup.js';

const of = (...rows: readonly number[][]): Float32Array[] => rows.map((row) => Float32Array.from(row));

test('the difference is of the second from the first, and the greatest of either sign', () => {
  expect(differenceOf(of([0.5, 0.5], [1, 0]), of([0.75, 0.25], [0.25, 0.75]))).toEqual({
    rows: of([0.25, -0.25], [-0.75, 0.75]),
    most: 0.75,
  });
});

test('another mechanism has the same inputs without the changes of the first one’s parameters; another backend has all', () => {
  const setup = setupOf({ ...defaultState(), mechanism: 'additive', edits: [{ key: 'vector', index: 0, value: 1 }] });
  expect(besideOf(setup, 'dot')).toEqual({ ...setup, mechanism: 'dot', edits: [] });
  expect(besideOf(setup, 'cpu')).toEqual(setup);
});

test('of fewer heads, the last one is beside', () => {
  const weights = { shape: [2, 1, 2], data: Float32Array.of(1, 2, 3, 4) };
  expect([0, 1, 2].map((head) => weightsOf({ weights }, head))).toEqual([of([1, 2]), of([3, 4]), of([3, 4])]);
});
