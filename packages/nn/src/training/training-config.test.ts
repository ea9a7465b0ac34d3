import { describe, expect, it } from 'vitest';
import { learningRateAt, type TrainingConfig } from './training-config.js';

const config = (changes: Partial<TrainingConfig>): TrainingConfig => ({
  seed: 1,
  steps: 10,
  batchSize: 1,
  learningRate: 1,
  warmupSteps: 2,
  schedule: 'cosine',
  clipNorm: 1,
  labelSmoothing: 0,
  evaluateEvery: 1,
  validationExamples: 0,
  patience: 0,
  ...changes,
});
const rates = (changes: Partial<TrainingConfig>): number[] =>
  Array.from({ length: 10 }, (_, n) => learningRateAt(n + 1, config(changes)));

describe('learningRateAt', () => {
  it('rises to the greatest rate, then stays', () => {
    expect(rates({ schedule: 'constant' })).toEqual([0.5, 1, 1, 1, 1, 1, 1, 1, 1, 1]);
  });

  it('falls on a line to just above 0', () => {
    // After 2 steps of warm-up, 8 are left: 8/9, 7/9, … 1/9.
    const expected = [0.5, 1, ...Array.from({ length: 8 }, (_, n) => (8 - n) / 9)];
    rates({ schedule: 'linear' }).forEach((rate, n) => expect(rate).toBeCloseTo(expected[n], 12));
  });

  it('falls on half a cosine', () => {
    const all = rates({ schedule: 'cosine' });
    expect(all[2]).toBeCloseTo((1 + Math.cos(Math.PI / 9)) / 2, 12);
    expect(all[9]).toBeCloseTo((1 + Math.cos((8 * Math.PI) / 9)) / 2, 12);
    expect(all.slice(2)).toEqual(all.slice(2).toSorted((a, b) => b - a));
    expect(all.every((rate) => rate > 0)).toBe(true);
  });

  it('starts at the greatest rate without warm-up, and may be all warm-up', () => {
    expect(learningRateAt(1, config({ warmupSteps: 0, schedule: 'constant' }))).toBe(1);
    expect(learningRateAt(1, config({ warmupSteps: 0, schedule: 'linear' }))).toBeCloseTo(10 / 11, 12);
    expect(learningRateAt(10, config({ warmupSteps: 20 }))).toBe(0.5);
  });
});
