import { describe, expect, test } from 'vitest';
import type { Expected } from './bound.js';
import { deviationsOf, differencesBetween, spacingsOf, type Solved } from './deviations.js';

const ULP = 2 ** -23; // spacing of numbers from 1 to 2

function solved(values: readonly number[], changes: Partial<Solved> = {}): Solved {
  const numbers = { y: { shape: [values.length], values: Float32Array.from(values) } };
  return { backend: 'test', floatBits: 32, numbers, ...changes };
}

function wanted(values: readonly number[], changes: Partial<Expected> = {}): Readonly<Record<string, Expected>> {
  const exact = Float64Array.from(values);
  return { y: { shape: [values.length], values: exact, naive: exact, ...changes } };
}

describe('from the reference', () => {
  test('the largest difference, absolute, relative and in spacings', () => {
    const [deviation] = deviationsOf(solved([1 + 3 * ULP, 2 ** -10 + ULP, 0]), wanted([1, 2 ** -10, 0]));
    expect(deviation).toEqual({
      output: 'y',
      absolute: 3 * ULP,
      relative: ULP * 2 ** 10,
      ulps: 3,
      allowedUlps: 16,
      passed: true,
      ulp: ULP,
    });
  });

  test('spacings are those at the largest number, or at the unit', () => {
    expect(deviationsOf(solved([64, 1 + ULP]), wanted([64, 1]))[0]).toMatchObject({ ulps: 1 / 64 });
    const [small] = deviationsOf(solved([2 ** -9 + 20 * 2 ** -30]), wanted([2 ** -9], { unit: 2 ** -7 }));
    expect(small).toMatchObject({ ulps: 20, allowedUlps: 16, passed: false, ulp: 2 ** -30 });
  });

  test('what isn’t finite must match in kind and sign', () => {
    const special = [NaN, Infinity, -Infinity];
    expect(deviationsOf(solved(special), wanted(special))[0]).toMatchObject({ absolute: 0, relative: 0, passed: true });
    for (const [got, expected] of [
      [NaN, 1],
      [1, NaN],
      [Infinity, -Infinity],
      [NaN, Infinity],
    ] as const) {
      const [deviation] = deviationsOf(solved([got]), wanted([expected]));
      expect(deviation).toMatchObject({ absolute: Infinity, relative: Infinity, passed: false });
    }
  });

  test('0 in place of a number, and a number in place of 0', () => {
    expect(deviationsOf(solved([0]), wanted([0.5]))[0]).toMatchObject({ absolute: 0.5, relative: 1, passed: false });
    expect(deviationsOf(solved([ULP]), wanted([0]))[0]).toMatchObject({ relative: Infinity, ulps: 1, passed: true });
    expect(deviationsOf(solved([-0]), wanted([0]))[0]).toMatchObject({ absolute: 0, relative: 0 });
  });

  test('half precision is held to its own spacings', () => {
    const [deviation] = deviationsOf(solved([1 + 2 ** -8], { floatBits: 16 }), wanted([1]));
    expect(deviation).toMatchObject({ ulps: 4, passed: true });
    expect(deviationsOf(solved([1 + 2 ** -8]), wanted([1]))[0]).toMatchObject({ passed: false });
  });

  test('an output that is missing or of another shape is an error', () => {
    expect(() => deviationsOf(solved([1], { numbers: {} }), wanted([1]))).toThrow('test gave y not at all');
    expect(() => deviationsOf(solved([1, 2]), wanted([1]))).toThrow('test gave y of shape [2], not of [1]');
  });
});

test('two backends are compared in the spacings that they are held to', () => {
  const [one, other] = [solved([2, 1 + ULP]), solved([2, 1 - ULP])];
  const deviations = deviationsOf(one, wanted([2, 1]));
  expect(differencesBetween(one, other, deviations)).toEqual([
    { output: 'y', absolute: 2 * ULP, relative: expect.closeTo(2 * ULP, 12), ulps: 1 },
  ]);
});

test('without a reference, spacings are those at the largest finite number, or at 1', () => {
  expect(spacingsOf(solved([0.25, -5, NaN, Infinity]))).toEqual([{ output: 'y', ulp: 4 * ULP }]);
  expect(spacingsOf(solved([0.25], { floatBits: 16 }))).toEqual([{ output: 'y', ulp: 2 ** -10 }]);
  const [one, other] = [solved([4, 1]), solved([4, 1 + 8 * ULP])];
  expect(differencesBetween(one, other, spacingsOf(one))).toMatchObject([{ output: 'y', ulps: 2 }]);
});
