import type { Numbers } from '../engine/jobs.js';

interface Matrix<Data> {
  readonly shape: readonly number[];
  readonly data: Data;
}

/** Rows of a matrix [T, W], or of one head of [H, T, W]. */
export function rowsOf<Data extends Float32Array | Float64Array>({ shape, data }: Matrix<Data>, head = 0): Data[] {
  const [rows, columns] = shape.slice(-2) as [number, number];
  const start = head * rows * columns;
  return Array.from({ length: rows }, (_, n) => data.subarray(start + n * columns, start + (n + 1) * columns) as Data);
}

/** Rows of a parameter of any rank: a vector is one row, a number is one row with one column. */
export function matrixOf({ shape, data }: Numbers): Float32Array[] {
  return rowsOf({ shape: [1, 1, ...shape].slice(-2), data });
}

export const count = (length: number): string[] => Array.from({ length }, (_, n) => String(n + 1));
