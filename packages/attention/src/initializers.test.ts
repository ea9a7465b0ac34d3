import { dropoutFactor } from '@heed/core';
import { describe, expect, it } from 'vitest';
import { glorotNormal, glorotUniform } from './index.js';

const moments = (values: Float32Array): { mean: number; variance: number } => {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return { mean, variance: values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length };
};

describe('initializers', () => {
  // From Philox 4×32-10 and FNV-1a written separately in Python from their papers.
  it('draw these numbers', () => {
    expect([...glorotUniform([2, 3], { seed: 7, stream: 'kernel' })]).toEqual([
      0.2662107050418854, -0.664170503616333, 0.40021538734436035, 0.4623264670372009, -0.6043809652328491,
      -0.5154832005500793,
    ]);
    const normal = glorotNormal([2, 3], { seed: 2 ** 40 + 7, stream: 'kernel' });
    const expected = [
      0.4935070872306824, -0.931082546710968, 0.9558507800102234, 0.6179530024528503, 0.6314891576766968,
      -0.5746408104896545,
    ];
    // Logarithm and cosine may differ in the last bit between JavaScript engines.
    normal.forEach((value, n) => expect(value).toBeCloseTo(expected[n], 6));
  });

  it.each([
    ['glorotUniform', glorotUniform],
    ['glorotNormal', glorotNormal],
  ])('%s has mean 0 and variance 2 / (fan in + fan out)', (_, initializer) => {
    const { mean, variance } = moments(initializer([300, 100], { seed: 1, stream: 'kernel' }));
    expect(Math.abs(mean)).toBeLessThan(2e-3);
    expect(variance * 200).toBeGreaterThan(0.97);
    expect(variance * 200).toBeLessThan(1.03);
  });

  it('glorotUniform stays within ±√(6 / (fan in + fan out)), and comes near', () => {
    const most = Math.max(...glorotUniform([300, 100], { seed: 1, stream: 'kernel' }).map(Math.abs));
    const limit = Math.sqrt(6 / 400);
    expect(most).toBeLessThanOrEqual(limit);
    expect(most).toBeGreaterThan(0.999 * limit);
  });

  it('depend on seed and stream, and share no numbers with dropout of the same seed', () => {
    const draw = (seed: number, stream: string): string => String(glorotUniform([4, 4], { seed, stream }));
    expect(new Set([draw(1, 'a'), draw(2, 'a'), draw(1, 'b'), draw(1 + 2 ** 32, 'a')]).size).toBe(4);
    const keep = dropoutFactor({ rate: 0.5, seed: 1 });
    const kept = Array.from({ length: 64 }, (_, n) => keep(n) > 0);
    const above = Array.from(glorotUniform([8, 8], { seed: 1, stream: 'a' }), (x) => x > 0);
    expect(above).not.toEqual(kept);
  });
});
