import { expect, test } from 'vitest';
import { differenceMap } from './difference-map.js';

const expected = (shape: number[], values: number[]) => {
  const exact = Float64Array.from(values);
  return { shape, values: exact, naive: exact };
};

const rows = (map: ReturnType<typeof differenceMap>): number[][] => map.weights.map((row) => Array.from(row));

test('rows and columns are the last two axes, and along the others the worst shows', () => {
  const got = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12].map((x, n) => (n === 4 ? x + 0.5 : n === 10 ? x - 1 : x));
  const map = differenceMap('cpu: y', got, expected([2, 2, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]), {
    ulp: 0.25,
    cells: 8,
  });
  expect(rows(map)).toEqual([
    [0, 0, 0],
    [0, 4, 0],
  ]);
  expect(map).toMatchObject({
    title: 'cpu: y [2,2,3], spacings off',
    rowLabels: ['0', '1'],
    columnLabels: ['0', '1', '2'],
  });
});

test('what has too many rows or columns is drawn in blocks', () => {
  const got = Array.from({ length: 10 }, (_, n) => n + (n === 7 ? 3 : 0));
  const map = differenceMap('y', got, expected([10], [...Array.from({ length: 10 }).keys()]), { ulp: 1, cells: 4 });
  expect(rows(map)).toEqual([[0, 0, 3, 0]]);
  expect(map.columnLabels).toEqual(['0', '3', '6', '9']);
});

test('a scalar is one cell; what isn’t finite is all off, and drawable', () => {
  expect(rows(differenceMap('loss', [2], expected([], [1]), { ulp: 1, cells: 4 }))).toEqual([[1]]);
  const special = [NaN, Infinity, -Infinity, Infinity];
  const map = differenceMap('y', special, expected([4], [NaN, Infinity, 0, -Infinity]), { ulp: 1, cells: 4 });
  expect(rows(map)).toEqual([[0, 0, 2 ** 24, 2 ** 24]]);
});
