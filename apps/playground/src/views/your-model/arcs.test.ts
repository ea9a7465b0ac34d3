import { describe, expect, test } from 'vitest';
import { strongest } from './arcs.js';

const ROWS = [
  [0.5, 0.3, 0.2],
  [0, 0.9, 0.1],
];

describe('strongest', () => {
  test('all weights above 0, the weakest first', () => {
    const { arcs, all } = strongest(ROWS, 10);
    expect(all).toBe(5);
    expect(arcs.map(({ weight }) => weight)).toEqual([0.1, 0.2, 0.3, 0.5, 0.9]);
    expect(arcs.at(-1)).toEqual({ row: 1, column: 1, weight: 0.9 });
  });

  test('as many as asked for', () => {
    expect(strongest(ROWS, 2)).toMatchObject({ all: 5, arcs: [{ weight: 0.5 }, { weight: 0.9 }] });
    expect(strongest(ROWS, 0).arcs).toEqual([]);
  });

  test('of equal ones only as many, too', () => {
    const even = Array.from({ length: 8 }, () => new Float32Array(8).fill(1 / 8));
    expect(strongest(even, 5)).toMatchObject({ all: 64, arcs: { length: 5 } });
    expect(strongest([[0, 0]], 5)).toEqual({ arcs: [], all: 0 });
  });

  test('of a row or a column alone', () => {
    expect(strongest(ROWS, 9, { side: 'row', at: 1 }).arcs.map(({ column }) => column)).toEqual([2, 1]);
    expect(strongest(ROWS, 9, { side: 'column', at: 2 }).arcs.map(({ row }) => row)).toEqual([1, 0]);
  });
});
