import type { Difference } from '../engine/jobs.js';

// Distance from 1 to the next larger float32.
const EPSILON = 2 ** -23;

/**
 * The largest differences between two results of one output. Ulps are counted as the conformance suite does: in spacings of float32 at the
 * largest number of the two, or at 1.
 */
export function differenceOf(output: string, a: Float32Array, b: Float32Array): Difference {
  let absolute = 0;
  let relative = 0;
  let largest = 1;
  for (let n = 0; n < a.length; n++) {
    const [x, y] = [a[n]!, b[n]!];
    if (Object.is(x, y) || x === y) {
      if (Number.isFinite(x)) largest = Math.max(largest, Math.abs(x));
      continue;
    }
    if (!Number.isFinite(x) || !Number.isFinite(y))
      return { output, absolute: Infinity, relative: Infinity, ulps: Infinity };
    const size = Math.max(Math.abs(x), Math.abs(y));
    const difference = Math.abs(x - y);
    absolute = Math.max(absolute, difference);
    relative = Math.max(relative, difference / size);
    largest = Math.max(largest, size);
  }
  return { output, absolute, relative, ulps: absolute / (EPSILON * 2 ** Math.floor(Math.log2(largest))) };
}
