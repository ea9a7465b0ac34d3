import { readFileSync } from 'node:fs';
import type * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';

/** A file of the repository's folder of other projects' test vectors. */
export function readVectors<T>(name: string): T {
  return JSON.parse(readVectorsText(name)) as T;
}

export function readVectorsText(name: string): string {
  return readFileSync(new URL(`../../../vectors/${name}`, import.meta.url), 'utf8');
}

export interface Tolerance {
  readonly atol: number;
  readonly rtol: number;
}

/** |actual − expected| ≤ atol + rtol·|expected| in every place, in float64. */
export function expectWithin(
  what: string,
  actual: tf.Tensor,
  expected: { readonly shape: readonly number[]; readonly data: readonly number[] },
  { atol, rtol }: Tolerance,
): void {
  expect(actual.shape, `shape of ${what}`).toEqual(expected.shape);
  const values = actual.dataSync();
  expected.data.forEach((value, i) => {
    // Written so that a NaN fails.
    if (!(Math.abs(values[i]! - value) <= atol + rtol * Math.abs(value))) {
      expect.fail(`${what} [${expected.shape}] is ${values[i]} at ${i} instead of ${value}`);
    }
  });
}
