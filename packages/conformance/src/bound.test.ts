import { describe, expect, it } from 'vitest';
import { FLOORS, compare, describeFailure, type Expected } from './bound.js';

const ULP = 2 ** -23; // spacing of numbers from 1 to 2

function expected(values: readonly number[], changes: Partial<Expected> = {}): Expected {
  const exact = Float64Array.from(values);
  return { shape: [values.length], values: exact, naive: exact, ...changes };
}

const passes = (got: readonly number[], wanted: Expected): boolean => compare(got, wanted, FLOORS.float32).passed;

describe('the bound', () => {
  it('is the floor where naive float32 is exact', () => {
    expect(passes([1 + 16 * ULP, 0], expected([1, 0]))).toBe(true);
    expect(passes([1 + 17 * ULP, 0], expected([1, 0]))).toBe(false);
    expect(passes([0.1 + 15 * ULP], expected([0.1]))).toBe(true); // spacings count at least as those of 1
    expect(passes([100 + 16 * 64 * ULP], expected([100]))).toBe(true); // or as those of the largest number
    expect(passes([100, 17 * 64 * ULP], expected([100, 0]))).toBe(false);
    const small = expected([2 ** -9], { unit: 2 ** -7 }); // or as those of the declared size of intermediate results
    expect(passes([2 ** -9 + 16 * 2 ** -30], small)).toBe(true);
    expect(passes([2 ** -9 + 17 * 2 ** -30], small)).toBe(false);
  });

  it('is twice the error of naive float32 where that is more', () => {
    const wanted = expected([1, 1], { naive: Float64Array.of(1, 1.001) });
    expect(passes([1.0019, 1], wanted)).toBe(true);
    expect(passes([1.0021, 1], wanted)).toBe(false);
  });

  it.each([
    [NaN, NaN, true],
    [Infinity, Infinity, true],
    [-Infinity, -Infinity, true],
    [Infinity, -Infinity, false],
    [-Infinity, Infinity, false],
    [NaN, Infinity, false],
    [Infinity, NaN, false],
    [NaN, 0, false],
    [0, NaN, false],
    [Infinity, 3e38, false],
    [0, -Infinity, false],
  ])('%d for %d: %s', (got, wanted, passed) => {
    expect(passes([1, got], expected([1, wanted]))).toBe(passed);
  });

  it('ignores where naive float32 overflows', () => {
    expect(compare([1], expected([1], { naive: Float64Array.of(Infinity) }), FLOORS.float32).naiveError).toBe(0);
  });

  it('passes nothing but emptiness for an empty output', () => {
    expect(compare([], { ...expected([]), shape: [2, 0] }, FLOORS.float32)).toMatchObject({ passed: true, size: 0 });
  });

  it('says where, what, how far and how many', () => {
    const wanted = expected([1, 2, 3, 4], { shape: [2, 2] });
    const comparison = compare([1, 2, 3.5, NaN], wanted, FLOORS.float32);
    expect(comparison).toMatchObject({ failing: 2, size: 4, error: Infinity, worst: { index: [1, 1] } });
    expect(describeFailure('context', comparison)).toMatch(
      /^context\[1,1\] is NaN, expected 4: .*; 2 of 4 \(50\.0 %\) fail$/,
    );
    const finite = compare([1, 2, 3.5, 4], wanted, FLOORS.float32);
    expect(describeFailure('context', finite)).toMatch(
      /^context\[1,0\] is 3\.5, expected 3: off by 0\.5 \(1048576 ulps\), allowed .* \(16 ulps; naive float32 is off by 0 ulps\); 1 of 4/,
    );
  });
});
