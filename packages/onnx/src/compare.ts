import { compareGiven, type GivenComparison } from '@heed/conformance';
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

/**
 * As ONNX compares: |got − expected| ≤ 1e-7 + 1e-3·|expected|, and what isn't finite only by itself. What Heed computes in
 * float32 is rounded once, at the end, to the format of what is expected. Where that format is coarser, the unrounded number
 * is as good: ONNX's own come from rounding at every step, and its bound is hardly more than one float16 spacing, so that
 * rounding could take a better number across it. Of bfloat16 it is less than a spacing, so there two spacings are allowed.
 */
export const compareOnnx = (
  name: string,
  got: { readonly shape: readonly number[]; readonly values: ArrayLike<number> },
  { dtype, shape, data }: OnnxTensor,
): GivenComparison =>
  compareGiven(
    name,
    got,
    { shape, data },
    {
      epsilon: EPSILON[dtype],
      allowed: (expected) => allowed(dtype, expected),
      nearest: (value, expected) => nearest(dtype, value, expected),
    },
  );

/** The value, or the value as the format stores it. */
function nearest(dtype: OnnxDtype, value: number, expected: number): number {
  const rounded = roundTo(dtype, value);
  return Math.abs(rounded - expected) <= Math.abs(value - expected) || Object.is(rounded, expected) ? rounded : value;
}

function allowed(dtype: OnnxDtype, expected: number): number {
  const { relative, absolute } = dtype === 'bfloat16' ? BFLOAT16 : { relative: RELATIVE, absolute: ABSOLUTE };
  return absolute + (Number.isFinite(expected) ? relative * Math.abs(expected) : 0);
}
