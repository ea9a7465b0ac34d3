import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { expectError, gradients, numbers, useComposedCpu, values } from '../../test/cpu-engine.js';
import { defineNormalizer, entmax, weightedContext, type NormalizerDefinition } from '../index.js';

useComposedCpu();

const scores = numbers([2, 2, 3, 5]);
const value = numbers([2, 2, 5, 3], 2);
const by = (normalizer: NormalizerDefinition | 'softmax' | 'entmax15' | 'sparsemax'): number[] =>
  values(weightedContext(scores, value, { normalizer, returnWeights: true }).weights);

const close = (actual: number[], expected: number[], digits = 6): void =>
  expect(actual).toEqual(expected.map((x) => expect.closeTo(x, digits)));

describe('entmax', () => {
  it.each([
    [1, 'softmax'],
    [1.5, 'entmax15'],
    [2, 'sparsemax'],
  ] as const)('of %d is %s', (alpha, name) => {
    close(by(entmax(alpha)), by(name));
    close(by(entmax(tf.scalar(alpha))), by(name));
    close(by(entmax(tf.tensor1d([alpha, alpha]))), by(name));
  });

  it('solves its definition for any α: rows sum to 1, and weights give back one τ', () => {
    for (const alpha of [1.0001, 1.01, 1.3, 1.9, 2.5]) {
      const weights = tf.tensor(by(entmax(alpha)), [12, 5]).arraySync() as number[][];
      const rows = tf.reshape(scores, [12, 5]).arraySync() as number[][];
      weights.forEach((row, r) => {
        expect(row.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
        const taus = row.flatMap((p, j) => (p > 1e-3 ? [(alpha - 1) * rows[r]![j]! - p ** (alpha - 1)] : []));
        for (const tau of taus) expect(Math.abs(tau - taus[0]!)).toBeLessThan(2e-5);
      });
    }
  });

  it('has the gradients of differences in α, that of the limit at 1 among them', () => {
    const cotangent = numbers([2, 2, 3, 5], 5);
    const loss = (alphas: number[]): number =>
      tf.tidy(
        () =>
          values(
            tf.sum(
              tf.mul(
                weightedContext(scores, value, { normalizer: entmax(tf.tensor1d(alphas)), returnWeights: true })
                  .weights,
                cotangent,
              ),
            ),
          )[0]!,
      );
    for (const alphas of [
      [1.2, 1.7],
      [1.0001, 1.001],
    ]) {
      const tensor = tf.tensor1d(alphas);
      const [found] = gradients(
        () => weightedContext(scores, value, { normalizer: entmax(tensor), returnWeights: true }).weights,
        [tensor],
        cotangent,
      );
      const step = 2 ** -6;
      // One-sided where the other side has no entmax, with the error of second order taken off.
      const expected = alphas.map((alpha, h) => {
        const at = (delta: number): number => loss(alphas.with(h, alpha + delta));
        if (alpha - step >= 1) return (at(step) - at(-step)) / (2 * step);
        return (4 * at(step) - 3 * at(0) - at(2 * step)) / (2 * step);
      });
      values(found).forEach((x, h) => expect(Math.abs(x - expected[h]!)).toBeLessThan(2e-3));
    }
    const [one, near] = [1, 1 + 2 ** -20].map((alpha) => {
      const tensor = tf.scalar(alpha);
      const f = (): tf.Tensor =>
        weightedContext(scores, value, { normalizer: entmax(tensor), returnWeights: true }).weights;
      return values(gradients(f, [tensor], cotangent)[0])[0]!;
    });
    expect(near).toBeCloseTo(one!, 5);
  });

  it('a masked NaN reaches nothing, a row without positions is 0, an attended NaN spoils its row', () => {
    const spoilt = tf.tensor2d([
      [1, NaN, 0.5],
      [NaN, NaN, NaN],
      [2, 1, NaN],
    ]);
    const mask = tf.tensor2d([1, 0, 1, 0, 0, 0, 1, 1, 1], [3, 3], 'bool');
    const alpha = tf.scalar(1.4);
    const run = (): tf.Tensor =>
      weightedContext(spoilt, tf.ones([3, 1]), { normalizer: entmax(alpha), mask, returnWeights: true }).weights;
    const rows = run().arraySync() as number[][];
    expect(rows[0]![1]).toBe(0);
    expect(rows[0]![0]! + rows[0]![2]!).toBeCloseTo(1, 6);
    expect(rows[1]).toEqual([0, 0, 0]);
    expect(rows[2]).toEqual([NaN, NaN, NaN]);
    const clean = weightedContext(tf.tensor2d([[1, NaN, 0.5]]), tf.ones([3, 1]), {
      normalizer: entmax(alpha),
      mask: tf.tensor1d([1, 0, 1], 'bool'),
    });
    expect(values(clean.context)[0]).toBeCloseTo(1, 6);
  });

  it('refuses what is no α, before any work', () => {
    for (const alpha of [0.5, NaN, Infinity, '2', null]) expectError('INVALID_ARGUMENT', () => entmax(alpha as never));
    const wrong = tf.tensor1d([1.2, 1.3, 1.4]);
    expectError('SHAPE_MISMATCH', () => weightedContext(scores, value, { normalizer: entmax(wrong) }));
    expectError('DTYPE_UNSUPPORTED', () =>
      weightedContext(scores, value, { normalizer: entmax(tf.scalar(2, 'int32')) }),
    );
    const gone = tf.scalar(1.5);
    gone.dispose();
    expectError('DISPOSED', () => weightedContext(scores, value, { normalizer: entmax(gone) }));
    expect(by(entmax(tf.tensor1d([0.5, 1]))).slice(0, 5)).toEqual(Array(5).fill(NaN));
    const half = defineNormalizer({ ...entmax(tf.scalar(2)), name: 'half', parameterGradient: undefined as never });
    expectError('INVALID_ARGUMENT', () => weightedContext(scores, value, { normalizer: half }));
  });
});
