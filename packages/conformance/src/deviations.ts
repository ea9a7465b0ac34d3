import { HeedError } from '@heed/base';
import { compare, FLOORS, type Expected } from './bound.js';
import type { Numbers } from './perform.js';

/** What a backend gave, by the names of its outputs. */
export interface Solved {
  readonly backend: string;
  readonly floatBits: 16 | 32;
  readonly numbers: Numbers;
}

/** How far the numbers of an output are from others: the largest of each. */
export interface Difference {
  readonly output: string;
  readonly absolute: number;
  /** Of each number by itself: infinite where the other is 0. */
  readonly relative: number;
  /** Spacings of the format at the largest number of the output. */
  readonly ulps: number;
}

/** From what was to come out. */
export interface Deviation extends Difference {
  readonly allowedUlps: number;
  readonly passed: boolean;
  /** One spacing. */
  readonly ulp: number;
}

/** Of what is allowed; more than 1 is too much. */
export const shareOf = ({ ulps, allowedUlps }: Deviation): number => ulps / allowedUlps;

/** How far a backend is from what is expected, for each output. */
export function deviationsOf(solved: Solved, expected: Readonly<Record<string, Expected>>): Deviation[] {
  const floor = FLOORS[solved.floatBits === 16 ? 'float16' : 'float32'];
  return Object.entries(expected).map(([output, wanted]) => {
    const got = valuesOf(solved, output, wanted.shape);
    const { ulp, bound, passed } = compare(got, wanted, floor);
    const { absolute, relative } = largest(got, wanted.values);
    return { output, absolute, relative, ulps: absolute / ulp, allowedUlps: bound / ulp, passed, ulp };
  });
}

/** What differences of an output are counted in. */
export type Spacing = Pick<Deviation, 'output' | 'ulp'>;

/** The spacings at the largest number of each output, or at 1: of what there is no reference for. */
export function spacingsOf({ floatBits, numbers }: Solved): Spacing[] {
  const { epsilon } = FLOORS[floatBits === 16 ? 'float16' : 'float32'];
  return Object.entries(numbers).map(([output, { values }]) => {
    const most = values.reduce((size, x) => (Number.isFinite(x) ? Math.max(size, Math.abs(x)) : size), 1);
    return { output, ulp: epsilon * 2 ** Math.floor(Math.log2(most)) };
  });
}

/** How far two backends are apart, in the given spacings, such as those of the first's deviations. */
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

/** Non-finite numbers that aren't alike are infinitely far apart. */
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
