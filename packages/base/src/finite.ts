const NOT_FINITE = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];

/** Index of the first value that isn't finite, or −1. */
export function firstNotFinite(values: Float32Array | Float64Array): number {
  // Native searches are fast from the first number on. A loop over the millions of a model is interpreted until it is compiled, which
  // is a good part of the time in which a command answers.
  if (!NOT_FINITE.some((value) => values.includes(value))) return -1;
  return values.findIndex((value) => !Number.isFinite(value));
}
