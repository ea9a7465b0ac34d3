import { uniform } from '@heed/base';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calibrationReport, fitLogistic, logisticProbability, type Judged } from './index.js';

const judged = (...pairs: readonly (readonly [number, 0 | 1])[]): Judged[] =>
  pairs.map(([confidence, correct]) => ({ confidence, correct: correct === 1 }));

describe('calibrationReport', () => {
  const outputs = judged([0.95, 1], [0.15, 1], [0.92, 1], [0.91, 0], [0.12, 0], [1, 1]);

  it('of equal widths: Guo et al. 2017, eq. 3', () => {
    const { expectedCalibrationError, bins } = calibrationReport(outputs, { binning: 'equal-width' });
    expect(bins).toHaveLength(2);
    expect(bins[0]).toMatchObject({ from: 0.12, to: 0.15, count: 2, accuracy: 0.5 });
    expect(bins[1]).toMatchObject({ from: 0.91, to: 1, count: 4, accuracy: 0.75 });
    expect(bins[1].confidence).toBeCloseTo(0.945);
    expect(expectedCalibrationError).toBeCloseTo((2 * (0.5 - 0.135) + 4 * (0.945 - 0.75)) / 6);
  });

  it('of equal mass: so many in each', () => {
    const { expectedCalibrationError, bins } = calibrationReport(outputs, { bins: 3 });
    expect(bins.map(({ count, from, to }) => [count, from, to])).toEqual([
      [2, 0.12, 0.15],
      [2, 0.91, 0.92],
      [2, 0.95, 1],
    ]);
    expect(expectedCalibrationError).toBeCloseTo((2 * 0.365 + 2 * (0.915 - 0.5) + 2 * 0.025) / 6);
  });

  it('keeps ties in one bin', () => {
    const { bins } = calibrationReport(judged([0.5, 1], [0.5, 0], [0.5, 1], [0.7, 1]), { bins: 4 });
    expect(bins.map(({ count, accuracy }) => [count, accuracy])).toEqual([
      [3, 2 / 3],
      [1, 1],
    ]);
  });

  it('is within 0 and 1, counts every output once, and does not depend on their order', () => {
    const output = fc.record({ confidence: fc.double({ min: 0, max: 1, noNaN: true }), correct: fc.boolean() });
    fc.assert(
      fc.property(fc.array(output), fc.integer({ min: 1, max: 20 }), (outputs, bins) => {
        for (const binning of ['equal-mass', 'equal-width'] as const) {
          const report = calibrationReport(outputs, { bins, binning });
          expect(report.expectedCalibrationError).toBeGreaterThanOrEqual(0);
          expect(report.expectedCalibrationError).toBeLessThanOrEqual(1);
          expect(report.bins.reduce((sum, { count }) => sum + count, 0)).toBe(outputs.length);
          expect(report.bins.length).toBeLessThanOrEqual(bins);
          const turned = calibrationReport(outputs.toReversed(), { bins, binning });
          expect(turned.expectedCalibrationError).toBeCloseTo(report.expectedCalibrationError, 12);
        }
      }),
    );
  });

  it.each([-0.1, 1.1, Number.NaN])('refuses a confidence of %d', (confidence) => {
    expect(() => calibrationReport([{ confidence, correct: true }])).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    );
  });

  it.each([0, 1.5])('refuses %d bins', (bins) => {
    expect(() => calibrationReport([], { bins })).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  });
});

/** Examples of a known regression. */
function drawn(count: number, { intercept, weights }: { intercept: number; weights: readonly number[] }) {
  const random = uniform({ seed: 7, stream: 'models', name: 'calibration' });
  const rows = Array.from({ length: count }, () => weights.map(() => 6 * random()));
  const labels = rows.map((row) => random() < logisticProbability({ intercept, weights }, row));
  return { rows, labels };
}

describe('fitLogistic', () => {
  it('finds the regression that examples were drawn from, and is calibrated on others', () => {
    const truth = { intercept: -4, weights: [1.5, -0.5, 0] };
    const { rows, labels } = drawn(6000, truth);
    const fitted = fitLogistic(rows.slice(0, 4000), labels.slice(0, 4000));
    expect(fitted.intercept).toBeCloseTo(truth.intercept, 0);
    truth.weights.forEach((weight, i) => expect(Math.abs(fitted.weights[i] - weight)).toBeLessThan(0.15));
    const outputs = rows
      .slice(4000)
      .map((row, n) => ({ confidence: logisticProbability(fitted, row), correct: labels[4000 + n] }));
    expect(calibrationReport(outputs).expectedCalibrationError).toBeLessThan(0.03);
    const overconfident = outputs.map(({ confidence, correct }) => ({ confidence: confidence ** 0.3, correct }));
    expect(calibrationReport(overconfident).expectedCalibrationError).toBeGreaterThan(0.1);
  });

  it('is at the optimum: features and errors are orthogonal but for the prior', () => {
    const { rows, labels } = drawn(300, { intercept: 1, weights: [-0.4, 0.2] });
    const fitted = fitLogistic(rows, labels);
    const so = labels.filter(Boolean).length;
    const errors = rows.map(
      (row, n) => logisticProbability(fitted, row) - (labels[n] ? (so + 1) / (so + 2) : 1 / (labels.length - so + 2)),
    );
    expect(errors.reduce((sum, error) => sum + error, 0)).toBeCloseTo(0, 6);
  });

  it('is sure of nothing when all examples are alike', () => {
    const one = fitLogistic([[3], [3], [3]], [true, true, true]);
    expect(one.weights[0]).toBeCloseTo(0);
    expect(logisticProbability(one, [3])).toBeCloseTo(4 / 5); // Platt's target
  });

  it('ends where features separate the labels, or say the same', () => {
    const rows = Array.from({ length: 40 }, (_, n) => [n, n, 1e6]);
    const labels = rows.map(([n]) => n >= 20);
    const fitted = fitLogistic(rows, labels);
    expect(logisticProbability(fitted, rows[39])).toBeGreaterThan(0.9);
    expect(logisticProbability(fitted, rows[0])).toBeLessThan(0.1);
    expect(fitted.weights[0]).toBeCloseTo(fitted.weights[1], 9);
  });

  it.each<[string, number[][], boolean[]]>([
    ['no examples', [], []],
    ['a label too few', [[1], [2]], [true]],
    ['rows of different lengths', [[1], [2, 3]], [true, false]],
    ['what is not finite', [[1], [Number.NaN]], [true, false]],
  ])('refuses %s', (_, rows, labels) => {
    expect(() => fitLogistic(rows, labels)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  });
});
