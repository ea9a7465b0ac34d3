import { expect } from 'vitest';

/**
 * Every element within `tolerance` times the largest finite magnitude of `expected` (or 1 when that is smaller than
 * `floor`); anything not finite equal in kind and sign.
 */
export function expectClose(
  actual: Float32Array | undefined,
  expected: Float64Array,
  what: string,
  tolerance = 3e-7,
  floor = 1e-6,
): void {
  expect(actual?.length, `${what}: length`).toBe(expected.length);
  const size = expected.reduce((max, x) => (Number.isFinite(x) ? Math.max(max, Math.abs(x)) : max), floor);
  for (let n = 0; n < expected.length; n++) {
    const same = Number.isFinite(expected[n])
      ? Math.abs(actual![n] - expected[n]) <= tolerance * size
      : Object.is(actual![n], expected[n]);
    if (!same) expect.fail(`${what}[${n}] is ${actual![n]}, not ${expected[n]} (largest magnitude ${size})`);
  }
}
