import { describe, expect, it } from 'vitest';
import { firstNotFinite } from './finite.js';

describe('firstNotFinite', () => {
  it('finds none in nothing, nor among the largest, the smallest and zeros', () => {
    expect(firstNotFinite(new Float32Array(0))).toBe(-1);
    expect(firstNotFinite(Float32Array.of(3.4028234663852886e38, -3.4028234663852886e38, 1e-45, -0, 0))).toBe(-1);
    expect(firstNotFinite(Float64Array.of(Number.MAX_VALUE, Number.MIN_VALUE))).toBe(-1);
  });

  it('finds the first of several, whichever it is', () => {
    expect(firstNotFinite(Float32Array.of(0, Number.NEGATIVE_INFINITY, Number.NaN))).toBe(1);
    expect(firstNotFinite(Float32Array.of(0, 1, Number.NaN, Number.POSITIVE_INFINITY))).toBe(2);
    expect(firstNotFinite(Float64Array.of(Number.POSITIVE_INFINITY, Number.NaN))).toBe(0);
  });
});
