import { HeedError } from '@heed/base';
import { expect } from 'vitest';
import type { NumericArray } from '../src/index.js';

/** Expects that a decoded array is well formed, whatever file it came from. */
export function expectConsistent({ dtype, shape, data }: NumericArray): void {
  expect(shape.every((length) => Number.isSafeInteger(length) && length >= 0)).toBe(true);
  expect(data.length).toBe(shape.reduce((product, length) => product * length, 1));
  if (dtype === 'bool') expect(data.every((value) => value === 0 || value === 1)).toBe(true);
  if (dtype === 'int64') expect(data.every(Number.isSafeInteger)).toBe(true);
}

/** Runs a reader on a damaged file: its result, or undefined when it refused the file with a proper error. */
export function refusedOr<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!HeedError.isInstance(error)) throw error;
    expect(['FILE_INVALID', 'FILE_TOO_LARGE', 'DTYPE_UNSUPPORTED']).toContain(error.code);
    return undefined;
  }
}
