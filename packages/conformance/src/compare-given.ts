import type { OutputResult } from './report.js';

/** Numbers that somebody else computed. */
export interface GivenNumbers {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}

/** How near numbers must come. */
export interface GivenBound {
  /** Distance from 1 to the next number of the format. */
  readonly epsilon: number;
  /** Largest distance from an expected number that isn't too large. */
  allowed(expected: number): number;
  /** The value as it counts, such as rounded to the format of the expected one; by default as it is. */
  nearest?(value: number, expected: number): number;
}

export interface GivenComparison {
  /** Absent when the shapes differ: then there is nothing to measure. */
  readonly result?: OutputResult;
  /** What is wrong; undefined when the output is as expected. */
  readonly failure?: string;
}

/**
 * Compares an output with the numbers that somebody else gives for it, within their tolerance. There is no naive form of such cases,
 * so `naiveError` is 0.
 */
export function compareGiven(
  name: string,
  got: { readonly shape: readonly number[]; readonly values: ArrayLike<number> },
  { shape, data }: GivenNumbers,
  { epsilon, allowed, nearest = (value) => value }: GivenBound,
): GivenComparison {
  if (got.shape.join() !== shape.join()) {
    return { failure: `${name} has shape [${got.shape}], expected [${shape}]` };
  }
  let worst = -1;
  let worstShare = -1;
  let largest = 1;
  let failing = 0;
  for (let n = 0; n < data.length; n++) {
    const expected = data[n];
    if (Number.isFinite(expected)) largest = Math.max(largest, Math.abs(expected));
    const off = distance(nearest(got.values[n], expected), expected);
    const share = off === 0 ? 0 : off / allowed(expected);
    if (share > 1) failing++;
    if (share > worstShare) {
      worstShare = share;
      worst = n;
    }
  }
  const expected = worst < 0 ? 0 : data[worst];
  const value = worst < 0 ? 0 : nearest(got.values[worst], expected);
  const error = distance(value, expected);
  const bound = allowed(expected);
  const ulp = epsilon * 2 ** Math.floor(Math.log2(largest));
  const matches = Number.isFinite(error);
  const result: OutputResult = {
    name,
    passed: failing === 0,
    error: matches ? error : null,
    ulps: matches ? error / ulp : null,
    naiveError: 0,
    naiveUlps: 0,
    bound,
    boundUlps: bound / ulp,
  };
  if (failing === 0) return { result };
  const failure =
    `${name}[${unravel(worst, shape)}] is ${number(value)}, expected ${number(expected)}: off by ${error.toPrecision(3)}, ` +
    `allowed ${bound.toPrecision(3)}; ${failing} of ${data.length} numbers fail`;
  return { result, failure };
}

/** Infinite unless both are finite or alike in kind and sign. */
function distance(got: number, expected: number): number {
  if (Object.is(got, expected) || got === expected) return 0;
  const difference = Math.abs(got - expected);
  return Number.isNaN(difference) ? Infinity : difference;
}

/** As many digits as a float32 has. */
function number(x: number): string {
  return Number.isFinite(x) ? String(Number(x.toPrecision(9))) : String(x);
}

function unravel(position: number, shape: readonly number[]): string {
  let rest = position;
  const index = shape.toReversed().map((length) => {
    const at = rest % length;
    rest = Math.floor(rest / length);
    return at;
  });
  return index.toReversed().join();
}
