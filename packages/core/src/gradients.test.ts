import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { gradients, numbers, useComposedCpu, values } from '../test/cpu-engine.js';
import {
  NORMALIZERS,
  additiveAttention,
  alibi,
  both,
  causal,
  dotProductAttention,
  padding,
  relativePosition,
  sumOf,
  weightedContext,
} from './index.js';

useComposedCpu();

/** Compares each input's gradient of Σ output∘cotangent with central differences. */
function expectGradients(f: (...xs: tf.Tensor[]) => tf.Tensor, xs: tf.Tensor[], tolerance = 2e-3): void {
  const cotangent = numbers(f(...xs).shape, 9);
  const loss = (...inputs: tf.Tensor[]): number => tf.tidy(() => values(tf.sum(tf.mul(f(...inputs), cotangent)))[0]);
  const found = gradients(() => f(...xs), xs, cotangent);
  const step = 2 ** -7;
  xs.forEach((x, n) => {
    const data = x.dataSync();
    const expected = Array.from(data, (_, i) => {
      const at = (delta: number): number => {
        const moved = data.slice();
        moved[i] += delta;
        return loss(...xs.map((other, m) => (m === n ? tf.tensor(moved, x.shape) : other)));
      };
      return (at(step) - at(-step)) / (2 * step);
    });
    values(found[n]).forEach((value, i) => expect(Math.abs(value - expected[i])).toBeLessThan(tolerance));
    expect(Math.max(...values(found[n]).map(Math.abs))).toBeGreaterThan(0);
  });
}

describe('dotProductAttention', () => {
  const xs = [numbers([2, 4, 3, 3]), numbers([2, 2, 5, 3], 2), numbers([2, 2, 5, 2], 3)];
  const options = { mask: both(causal({ align: 'bottom-right' }), padding([5, 4])), softCap: 1.5 };

  it.each(['context', 'weights', 'logSumExp'] as const)('%s, through cap, mask and groups', (output) => {
    const inputs = output === 'context' ? xs : xs.slice(0, 2);
    expectGradients((q, k, v = xs[2]) => {
      const result = dotProductAttention(q!, k!, v, { ...options, returnWeights: true, returnLogSumExp: true });
      return result[output];
    }, inputs);
  });

  it('with dropout', () => {
    expectGradients((q, k, v) => dotProductAttention(q!, k!, v!, { dropout: { rate: 0.4, seed: 5 } }).context, xs);
  });

  it.each([[[2, 4, 3, 5]], [[4, 1, 5]], [[2, 1, 3, 1]], [[5]]])('of a dense bias of shape [%s]', (shape) => {
    const bias = numbers(shape, 4);
    expectGradients((q, b) => dotProductAttention(q!, xs[1], xs[2], { bias: b! }).context, [xs[0], bias]);
  });

  it.each([1, 4])('of a relative position table with %d rows, beside ALiBi', (rows) => {
    const table = numbers([rows, 5], 4);
    expectGradients(
      (t) => {
        const bias = sumOf(relativePosition(t!, { align: 'bottom-right' }), alibi({ offset: [2, 0] }));
        return dotProductAttention(xs[0], xs[1], xs[2], { bias }).context;
      },
      [table],
    );
  });
});

describe('additiveAttention', () => {
  const xs = [numbers([2, 3, 4]), numbers([2, 5, 4], 2), numbers([4], 3), numbers([2, 5, 2], 4)];

  it.each(['context', 'weights', 'logSumExp'] as const)('%s', (output) => {
    const inputs = output === 'context' ? xs : xs.slice(0, 3);
    expectGradients((q, k, vector, value = xs[3]) => {
      const options = { mask: padding([5, 2]), returnWeights: true, returnLogSumExp: true };
      return additiveAttention(q!, k!, vector!, value, options)[output]!;
    }, inputs);
  });
});

describe('weightedContext', () => {
  const scores = tf.mul(numbers([2, 3, 5]), 2);
  const value = numbers([2, 5, 2], 2);

  it.each(NORMALIZERS)('%s', (normalizer) => {
    expectGradients((v) => weightedContext(scores, v!, { normalizer, mask: padding([5, 3]) }).context, [value]);
    if (normalizer === 'hard') {
      const [dScores] = gradients(() => weightedContext(scores, value, { normalizer }).context, [scores]);
      expect(values(dScores)).toEqual(Array(30).fill(0));
    } else {
      expectGradients((s) => weightedContext(s!, value, { normalizer, mask: padding([5, 3]) }).context, [scores]);
    }
  });
});

describe('the tape', () => {
  const xs = [numbers([1, 2, 3, 4]), numbers([1, 2, 3, 4], 2), numbers([1, 2, 3, 4], 3)] as const;

  it('leaks nothing, forward, backward or after an error', () => {
    const before = tf.memory().numTensors;
    const result = dotProductAttention(...xs, { mask: both(causal(), padding([2])), returnLogSumExp: true });
    expect(tf.memory().numTensors).toBe(before + 2);
    tf.dispose([result.context, result.logSumExp]);
    tf.dispose(
      gradients(() => dotProductAttention(...xs, { causal: true }).context, [...xs], tf.keep(tf.onesLike(xs[0]))),
    );
    expect(() =>
      dotProductAttention(
        xs[0],
        xs[1],
        tf.tidy(() => xs[2]),
        { scale: NaN },
      ),
    ).toThrow('scale');
    expect(tf.memory().numTensors).toBe(before + 1); // the cotangent
  });

  it('joins several dense masks without leaving the join behind', () => {
    const mask = both(
      { kind: 'dense', tensor: tf.tensor2d([[1, 1, 0]], [1, 3], 'bool') },
      { kind: 'dense', tensor: tf.tensor2d([[1], [0], [1]], [3, 1], 'bool') },
    );
    const before = tf.memory().numTensors;
    const { weights, context } = dotProductAttention(...xs, { mask, returnWeights: true });
    expect(values(weights).map((w) => w > 0)).toEqual(
      [...Array(2)].flatMap(() => [1, 1, 0, 0, 0, 0, 1, 1, 0].map(Boolean)),
    );
    tf.dispose([weights, context]);
    expect(tf.memory().numTensors).toBe(before);
  });
});
