import type { Tensor } from '@tensorflow/tfjs-core';
import { HeedError } from '@heed/base';
import type { Output } from '../host.js';
import { significant } from '../io/numbers.js';
import type { ReadArray } from '../attend/read-array.js';

/** How far an output is from what it should be. */
export interface Difference {
  readonly output: string;
  /** Greatest difference, relative to the largest number that is expected (or to 1, where all are smaller). */
  readonly error: number;
  readonly tolerance: number;
  readonly passed: boolean;
}

/** Holds an output to the numbers that are expected. */
export async function difference(
  output: string,
  found: Tensor,
  expected: ReadArray,
  tolerance: number,
): Promise<Difference> {
  if (found.shape.join() !== expected.shape.join())
    throw new HeedError('SHAPE_MISMATCH', {
      message: `${output} is [${found.shape}], and [${expected.shape}] is expected`,
      details: { found: found.shape, expected: expected.shape },
    });
  const values = await found.data();
  let [size, worst] = [0, 0];
  for (let n = 0; n < values.length; n++) {
    const [is, should] = [values[n]!, expected.data[n]!];
    if (Number.isFinite(should)) size = Math.max(size, Math.abs(should));
    if (Object.is(is, should) || is === should) continue;
    const off = Math.abs(is - should);
    worst = Number.isNaN(off) ? Infinity : Math.max(worst, off);
  }
  const error = worst === 0 ? 0 : worst / Math.max(size, Number.MIN_VALUE);
  return { output, error, tolerance, passed: error <= tolerance };
}

/** 'output 0: within 3.1e-7' */
export const lineOf = ({ output, error, tolerance, passed }: Difference, paint: Output['paint']): string => {
  const figure = significant(error, 2);
  return passed
    ? `${output}: ${paint.green('agrees')}, within ${figure}`
    : `${output}: ${paint.red('differs')} by ${figure}, more than ${significant(tolerance, 2)}`;
};

/** Arrays `prefix/0`, `prefix/1`, … */
export function outputsIn(tensors: Readonly<Record<string, ReadArray>>, prefix: string): ReadArray[] {
  const found: ReadArray[] = [];
  for (let n = 0; `${prefix}/${n}` in tensors; n++) found.push(tensors[`${prefix}/${n}`]!);
  return found;
}
