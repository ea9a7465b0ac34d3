import { HeedError } from '@heed/base';
import { compare, FLOORS, type Expected } from './bound.js';
import type { Numbers } from './perform.js';

/** Results of a backend, by the names of outputs. */
export interface Solved {
  readonly backend: string;
  readonly floatBits: 16 | 32;
  readonly numbers: Numbers;
}

/** Largest differences between the numbers of an output and others. */
export interface Difference {
  readonly output: string;
  readonly absolute: number;
  /** Largest relative difference of a number; infinite when the other number is 0. */
  readonly relative: number;
  /** Largest difference in ulps, the spacing of the format at the largest number of the output. */
  readonly ulps: number;
}

/** Difference of an output from its expected numbers, with the one that is allowed. */
export interface Deviation extends Difference {
  readonly allowedUlps: number;
  readonly passed: boolean;
  /** Size of one ulp. */
  readonly ulp: number;
}

/** Difference as a share of the allowed one; more than 1 is too much. */
export const shareOf = ({ ulps, allowedUlps }: Deviation): number => ulps / allowedUlps;

/** Deviations of a backend's results from the expected ones, for each output. */
export function deviationsOf(solved: Solved, expected: Readonly<Record<string, Expected>>): Deviation[] {
  const floor = FLOORS[solved.floatBits === 16 ? 'float16' : 'float32'];
  return Object.entries(expected).map(([output, wanted]) => {
    const got = valuesOf(solved, output, wanted.shape);
    const { ulp, bound, passed } = compare(got, wanted, floor);
    const { absolute, relative } = largest(got, wanted.values);
    return { output, absolute, relative, ulps: absolute / ulp, allowedUlps: bound / ulp, passed, ulp };
  });
}

/** Unit in which the differences of an output are counted. */
export type Spacing = Pick<Deviation, 'output' | 'ulp'>;

/** Spacings at the largest number of each output, or at 1, for results without a reference. */
export function spacingsOf({ floatBits, numbers }: Solved): Spacing[] {
  const { epsilon } = FLOORS[floatBits === 16 ? 'float16' : 'float32'];
  return Object.entries(numbers).map(([output, { values }]) => {
    const most = values.reduce((size, x) => (Number.isFinite(x) ? Math.max(size, Math.abs(x)) : size), 1);
    return { output, ulp: epsilon * 2 ** Math.floor(Math.log2(most)) };
  });
}

/** Differences between two backends, in the given spacings, such as those of the first one's deviations. */
export function differencesBetween(one: Solved, other: Solved, spacings: readonly Spacing[]): Difference[] {
  return spacings.map(({ output, ulp }) => {
    const { shape, values } = other.numbers[output];
    const { absolute, relative } = largest(valuesOf(one, output, shape), values);
    return { output, absolute, relative, ulps: absolute / ulp };
  });
}

function valuesOf({ backend, numbers }: Solved, output: string, shape: readonly number[]): Float32Array {
  const found = numbers[output];
  if (found?.shape.join() === shape.join()) return found.values;
  throw new HeedError('BACKEND_INVALID', {
    message: `${backend} gave ${output} ${found === undefined ? 'not at all' : `of shape [${found.shape}]`}, not of [${shape}]`,
  });
}

/** Largest absolute and relative difference; infinite for non-finite numbers that differ in kind or sign. */
function largest(got: ArrayLike<number>, expected: ArrayLike<number>): { absolute: number; relative: number } {
  let [absolute, relative] = [0, 0];
  for (let n = 0; n < expected.length; n++) {
    if (Object.is(got[n], expected[n]) || got[n] === expected[n]) continue;
    const off = Math.abs(got[n] - expected[n]);
    const finite = Number.isFinite(off);
    absolute = Math.max(absolute, finite ? off : Infinity);
    relative = Math.max(relative, finite ? off / Math.abs(expected[n]) : Infinity);
  }
  return { absolute, relative };
}
