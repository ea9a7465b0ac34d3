/**
 * Floor of the bound on errors: max error ≤ max(floor, 2 × the error of the same formula in naive float32). The second term is
 * the important one (it is that of flash-attention's tests): it grows with the length of the sums and with the conditioning of
 * the example. The floor covers only cases in which the naive form is exact by luck.
 */
export interface Floor {
  readonly name: 'float32' | 'float16';
  /** Distance from 1 to the next larger number in the storage format. */
  readonly epsilon: number;
  /** Allowed error, in spacings of the storage format at the largest number of the output. */
  readonly ulps: number;
}

// 16 spacings allow a product of three factors, each exact to 2–4 spacings (a vectorised exp, a division, a score), and a sum of a
// few of them. A result in half precision is off by thousands of spacings.
const ULPS = 16;

export const FLOORS = {
  float32: { name: 'float32', epsilon: 2 ** -23, ulps: ULPS },
  float16: { name: 'float16', epsilon: 2 ** -10, ulps: ULPS },
} as const satisfies Record<string, Floor>;

/** Size of intermediate results, even when an output is smaller, since inputs of the suite are standard normal. */
const UNIT = 1;

const NAIVE_FACTOR = 2;

export interface Comparison {
  readonly passed: boolean;
  /** Largest absolute error against the oracle; infinite when a non-finite value differs in kind or sign. */
  readonly error: number;
  /** Largest error of the naive float32 form against the oracle. */
  readonly naiveError: number;
  readonly bound: number;
  /** Size of one ulp, the spacing at the largest number of the output, or at its `unit`. */
  readonly ulp: number;
  /** Element with the largest error; absent when there is nothing to compare. */
  readonly worst?: { readonly index: readonly number[]; readonly got: number; readonly expected: number };
  readonly failing: number;
  readonly size: number;
}

export interface Expected {
  readonly shape: readonly number[];
  /** Values of the oracle. */
  readonly values: Float64Array;
  /** Values of the same formula in naive float32. */
  readonly naive: Float64Array;
  /** Size of intermediate results, for an output that is smaller; positive. Default 1. */
  readonly unit?: number | undefined;
}

export function compare(got: ArrayLike<number>, expected: Expected, floor: Floor): Comparison {
  const { values, naive, shape, unit = UNIT } = expected;
  let largest = 0;
  let naiveError = 0;
  for (let n = 0; n < values.length; n++) {
    if (!Number.isFinite(values[n])) continue;
    largest = Math.max(largest, Math.abs(values[n]));
    const difference = Math.abs(naive[n] - values[n]);
    if (difference < Infinity) naiveError = Math.max(naiveError, difference);
  }
  const ulp = floor.epsilon * 2 ** Math.floor(Math.log2(Math.max(largest, unit)));
  const bound = Math.max(floor.ulps * ulp, NAIVE_FACTOR * naiveError);

  let error = -1;
  let worst = 0;
  let failing = 0;
  for (let n = 0; n < values.length; n++) {
    const difference = distance(got[n], values[n]);
    if (difference > bound) failing++;
    if (difference > error) {
      error = difference;
      worst = n;
    }
  }
  return {
    passed: failing === 0,
    error: Math.max(error, 0),
    naiveError,
    bound,
    ulp,
    ...(values.length > 0 && { worst: { index: unravel(worst, shape), got: got[worst], expected: values[worst] } }),
    failing,
    size: values.length,
  };
}

/** Distance of two numbers; infinite unless both are finite, or non-finite of the same kind and sign. */
function distance(got: number, expected: number): number {
  if (Object.is(got, expected) || got === expected) return 0;
  const difference = Math.abs(got - expected);
  return Number.isNaN(difference) ? Infinity : difference;
}

function unravel(position: number, shape: readonly number[]): number[] {
  const index: number[] = [];
  let rest = position;
  for (const length of shape.toReversed()) {
    index.unshift(rest % length);
    rest = Math.floor(rest / length);
  }
  return index;
}

/** Sentence for people that says what is wrong with an output. */
export function describeFailure(
  output: string,
  { worst, error, bound, ulp, failing, size, naiveError }: Comparison,
): string {
  const share = `${failing} of ${size} (${((100 * failing) / size).toFixed(failing < size ? 1 : 0)} %)`;
  const ulps = (x: number): string => `${number(x / ulp)} ulps`;
  return (
    `${output}[${worst!.index}] is ${number(worst!.got)}, expected ${number(worst!.expected)}: off by ${number(error)} ` +
    `(${ulps(error)}), allowed ${number(bound)} (${ulps(bound)}; naive float32 is off by ${ulps(naiveError)}); ${share} fail`
  );
}

function number(x: number): string {
  return Number.isFinite(x) ? String(Number(x.toPrecision(9))) : String(x);
}
