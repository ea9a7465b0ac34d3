import { describe, expect, test } from 'vitest';
import { strongest } from './arcs.js';

const ROWS = [
  [0.5, 0.3, 0.2],
  [0, 0.9, 0.1],
];

const ALL = { rows: [0, 2], columns: [0, 3] } as const;

describe('strongest', () => {
  test('all weights above 0, the weakest first', () => {
    const arcs = strongest(ROWS, 10, ALL);
    expect(arcs.map(({ weight }) => weight)).toEqual([0.1, 0.2, 0.3, 0.5, 0.9]);
    expect(arcs.at(-1)).toEqual({ row: 1, column: 1, weight: 0.9 });
  });

  test('as many as asked for', () => {
    expect(strongest(ROWS, 2, ALL)).toMatchObject([{ weight: 0.5 }, { weight: 0.9 }]);
    expect(strongest(ROWS, 0, ALL)).toEqual([]);
  });

  test('of equal ones only as many, too', () => {
    const even = Array.from({ length: 8 }, () => new Float32Array(8).fill(1 / 8));
    expect(strongest(even, 5, { rows: [0, 8], columns: [0, 8] })).toHaveLength(5);
    expect(strongest([[0, 0]], 5, { rows: [0, 1], columns: [0, 2] })).toEqual([]);
  });

  test('of a row or a column alone', () => {
    expect(strongest(ROWS, 9, { ...ALL, rows: [1, 2] }).map(({ column }) => column)).toEqual([2, 1]);
    expect(strongest(ROWS, 9, { ...ALL, columns: [2, 3] }).map(({ row }) => row)).toEqual([1, 0]);
  });
});
