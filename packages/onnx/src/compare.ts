import type { OutputResult } from '@heed/conformance';
import { roundTo, type OnnxDtype, type OnnxTensor } from './onnx-tensor.js';

// Those of ONNX's own runner of these tests.
const RELATIVE = 1e-3;
const ABSOLUTE = 1e-7;
/** What bfloat16 expectations are off by themselves: they are rounded to 3 digits at each step. */
const BFLOAT16 = { relative: 2 ** -6, absolute: 2 ** -10 };

/** Distance from 1 to the next number of a format; Heed computes no finer than float32. */
const EPSILON: Readonly<Record<OnnxDtype, number>> = {
  float16: 2 ** -10,
  bfloat16: 2 ** -7,
  float32: 2 ** -23,
  float64: 2 ** -23,
  int32: 1,
  int64: 1,
  bool: 1,
};

export interface OnnxComparison {
  /** Absent when the shapes differ: then there is nothing to measure. */
  readonly result?: OutputResult;
  /** What is wrong; undefined when the output is as expected. */
  readonly failure?: string;
}

/**
 * As ONNX compares: |got − expected| ≤ 1e-7 + 1e-3·|expected|, and what isn't finite only by itself. What Heed computes in
 * float32 is rounded once, at the end, to the format of what is expected. Where that format is coarser, the unrounded number
 * is as good: ONNX's own come from rounding at every step, and its bound is hardly more than one float16 spacing, so that
 * rounding could take a better number across it. Of bfloat16 it is less than a spacing, so there two spacings are allowed.
 */
export function compareOnnx(
  name: string,
  got: { readonly shape: readonly number[]; readonly values: ArrayLike<number> },
  { dtype, shape, data }: OnnxTensor,
): OnnxComparison {
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
    const share = distance(nearest(dtype, got.values[n], expected), expected) / allowed(dtype, expected);
    if (share > 1) failing++;
    if (share > worstShare) {
      worstShare = share;
      worst = n;
    }
  }
  const expected = worst < 0 ? 0 : data[worst];
  const value = worst < 0 ? 0 : nearest(dtype, got.values[worst], expected);
  const error = distance(value, expected);
  const bound = allowed(dtype, expected);
  const ulp = EPSILON[dtype] * 2 ** Math.floor(Math.log2(largest));
  const matches = Number.isFinite(error);
  const result: OutputResult = {
    name,
    passed: failing === 0,
    error: matches ? error : null,
    ulps: matches ? error / ulp : null,
    // There is no naive form of these cases: their bound is ONNX's.
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

/** The value, or the value as the format stores it. */
function nearest(dtype: OnnxDtype, value: number, expected: number): number {
  const rounded = roundTo(dtype, value);
  return distance(rounded, expected) <= distance(value, expected) ? rounded : value;
}

/** Infinite unless both are finite or alike in kind and sign. */
function distance(got: number, expected: number): number {
  if (Object.is(got, expected) || got === expected) return 0;
  const difference = Math.abs(got - expected);
  return Number.isNaN(difference) ? Infinity : difference;
}

function allowed(dtype: OnnxDtype, expected: number): number {
  const { relative, absolute } = dtype === 'bfloat16' ? BFLOAT16 : { relative: RELATIVE, absolute: ABSOLUTE };
  return absolute + (Number.isFinite(expected) ? relative * Math.abs(expected) : 0);
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
