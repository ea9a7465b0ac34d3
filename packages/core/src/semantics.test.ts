import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { expectError, gradients, numbers, useComposedCpu, values } from '../test/cpu-engine.js';
import {
  additiveAttention,
  alibi,
  both,
  causal,
  dense,
  dotProductAttention,
  dropoutFactor,
  padding,
  slidingWindow,
  weightedContext,
  type Mask,
} from './index.js';

useComposedCpu();

/** q, k and v with one head and one batch row, whose scores are all 0, so that a row's weights are 1/(attended keys). */
function uniform(queries: number, keys: number): [tf.Tensor, tf.Tensor, tf.Tensor] {
  return [tf.zeros([1, 1, queries, 1]), tf.zeros([1, 1, keys, 1]), tf.ones([1, 1, keys, 1])];
}

function attended(queries: number, keys: number, mask: Mask): boolean[][] {
  const { weights } = dotProductAttention(...uniform(queries, keys), { mask, returnWeights: true });
  const rows = (tf.reshape(weights, [queries, keys]) as tf.Tensor2D).arraySync();
  return rows.map((row) => row.map((weight) => weight > 0));
}

const pattern = (...rows: string[]): boolean[][] => rows.map((row) => [...row].map((sign) => sign === 'x'));

describe('what the design fixes where other libraries differ', () => {
  it('boolean mask: true = attend', () => {
    const mask = tf.tensor2d([[true, false, true]], [1, 3], 'bool');
    expect(attended(1, 3, dense(mask))).toEqual(pattern('x.x'));
  });

  describe('fully masked row', () => {
    const [q, k, v] = [numbers([1, 1, 2, 3]), numbers([1, 1, 4, 3], 2), numbers([1, 1, 4, 2], 3)];
    const mask = tf.tensor2d(
      [
        [0, 0, 0, 0],
        [1, 1, 0, 1],
      ].flat(),
      [2, 4],
      'bool',
    );

    it('has context 0, weights 0 and logSumExp −∞', () => {
      const result = dotProductAttention(q, k, v, { mask, returnWeights: true, returnLogSumExp: true });
      expect(values(result.context).slice(0, 2)).toEqual([0, 0]);
      expect(values(result.weights).slice(0, 4)).toEqual([0, 0, 0, 0]);
      expect(values(result.logSumExp)[0]).toBe(-Infinity);
      expect(values(result.logSumExp)[1]).toBeGreaterThan(0);
    });

    it('sends no gradient', () => {
      const [dq] = gradients(() => dotProductAttention(q, k, v, { mask }).context, [q]);
      expect(values(dq).slice(0, 3)).toEqual([0, 0, 0]);
      expect(
        values(dq)
          .slice(3)
          .every((x) => Number.isFinite(x) && x !== 0),
      ).toBe(true);
    });

    it('is also a row whose scores are all −∞, for every normaliser but with finite scores elsewhere', () => {
      const scores = tf.tensor2d([
        [-Infinity, -Infinity],
        [1, -Infinity],
      ]);
      for (const normalizer of ['softmax', 'sparsemax', 'entmax15', 'sigmoid', 'hard'] as const) {
        const { weights } = weightedContext(scores, tf.ones([2, 1]), { normalizer, returnWeights: true });
        expect(values(weights).slice(0, 2)).toEqual([0, 0]);
        expect(values(weights)[2]).toBeGreaterThan(0.5);
        expect(values(weights)[3]).toBe(0);
      }
    });
  });

  describe('NaN or ±∞ in a masked key or value', () => {
    const poison = [NaN, Infinity, -Infinity];
    it.each(poison)('%f reaches neither the output nor a gradient', (bad) => {
      // Key 1 is masked for query 0 but attended by query 1.
      const mask = tf.tensor2d(
        [
          [1, 0],
          [1, 1],
        ].flat(),
        [2, 2],
        'bool',
      );
      const q = tf.tensor4d([0.5, -0.5], [1, 1, 2, 1]);
      const k = tf.tensor4d([1, bad], [1, 1, 2, 1]);
      const v = tf.tensor4d([2, bad], [1, 1, 2, 1]);
      expect(values(dotProductAttention(q, k, v, { mask }).context)[0]).toBe(2);
      expect(values(additiveAttention(flat(q), flat(k), tf.ones([1]), flat(v), { mask }).context)[0]).toBe(2);
      const onlyFirst = padding([1]);
      const grads = gradients(() => dotProductAttention(q, k, v, { mask: onlyFirst }).context, [q, k, v]);
      expect(grads.flatMap(values)).toEqual([0, 0, 0, 0, 2, 0]);
    });

    it('shows when attended', () => {
      const [q, k] = uniform(1, 2);
      for (const bad of poison) {
        const v = tf.tensor4d([1, bad], [1, 1, 2, 1]);
        expect(values(dotProductAttention(q, k, v).context)).toEqual([bad]);
        expect(values(dotProductAttention(q, k, v, { mask: padding([2]) }).context)).toEqual([bad]);
      }
    });
  });

  it('default scale: 1/√D for dot-product', () => {
    const [q, k, v] = [
      tf.fill([1, 1, 1, 4], 1),
      tf.tensor4d([1, 1, 1, 1, 0, 0, 0, 0], [1, 1, 2, 4]),
      numbers([1, 1, 2, 1]),
    ];
    const { weights, logSumExp } = dotProductAttention(q, k, v, { returnWeights: true, returnLogSumExp: true });
    expect(values(weights)[0]).toBeCloseTo(Math.exp(2) / (Math.exp(2) + 1), 6);
    expect(values(logSumExp)[0]).toBeCloseTo(Math.log(Math.exp(2) + 1), 6);
  });

  it('order: scale → soft cap → bias → mask → softmax → dropout → ·v', () => {
    const q = tf.tensor4d([3], [1, 1, 1, 1]);
    const k = tf.tensor4d([2, -1, 5], [1, 1, 3, 1]);
    const v = tf.tensor4d([1, 10, 100], [1, 1, 3, 1]);
    const bias = tf.tensor2d([[0.25, 1.5, 7]]);
    const dropout = { rate: 0.5, seed: 11 };
    const result = dotProductAttention(q, k, v, {
      scale: 0.5,
      softCap: 2,
      bias,
      mask: padding([2]),
      dropout,
      returnWeights: true,
    });
    const scores = [2 * Math.tanh((3 * 2 * 0.5) / 2) + 0.25, 2 * Math.tanh((3 * -1 * 0.5) / 2) + 1.5];
    const sum = Math.exp(scores[0]) + Math.exp(scores[1]);
    const weights = scores.map((score) => Math.exp(score) / sum);
    const factor = dropoutFactor(dropout);
    const context = weights[0] * factor(0) * 1 + weights[1] * factor(1) * 10;
    expect(values(result.weights)[0]).toBeCloseTo(weights[0], 6);
    expect(values(result.weights)[2]).toBe(0);
    expect(values(result.context)[0]).toBeCloseTo(context, 5);
  });

  describe('causal, Tq ≠ Tk', () => {
    it('is refused without an alignment, with a hint', () => {
      const [q, k, v] = uniform(2, 4);
      const error = expectError('ALIGNMENT_REQUIRED', () => dotProductAttention(q, k, v, { causal: true }));
      expect(error.message).toContain('bottom-right');
      expectError('ALIGNMENT_REQUIRED', () => dotProductAttention(q, k, v, { mask: slidingWindow({ left: 1 }) }));
      expectError('ALIGNMENT_REQUIRED', () => dotProductAttention(q, k, v, { bias: alibi() }));
    });

    it('aligns as it is told', () => {
      expect(attended(2, 4, causal({ align: 'top-left' }))).toEqual(pattern('x...', 'xx..'));
      expect(attended(2, 4, causal({ align: 'bottom-right' }))).toEqual(pattern('xxx.', 'xxxx'));
      expect(attended(2, 4, causal({ offset: 1 }))).toEqual(pattern('xx..', 'xxx.'));
      expect(attended(2, 4, causal({ offset: -1 }))).toEqual(pattern('....', 'x...'));
      expect(attended(3, 3, causal())).toEqual(pattern('x..', 'xx.', 'xxx'));
    });
  });

  it('window: left and right are inclusive counts', () => {
    expect(attended(4, 4, slidingWindow({ left: 1, right: 0 }))).toEqual(pattern('x...', 'xx..', '.xx.', '..xx'));
    expect(attended(3, 3, slidingWindow({ left: 0, right: 0 }))).toEqual(pattern('x..', '.x.', '..x'));
    expect(attended(3, 3, slidingWindow({ right: 1 }))).toEqual(pattern('xx.', 'xxx', 'xxx'));
    expect(attended(2, 4, slidingWindow({ left: 1, right: 0, align: 'bottom-right' }))).toEqual(
      pattern('.xx.', '..xx'),
    );
    expect(attended(3, 3, both(causal(), slidingWindow({ left: 1 })))).toEqual(pattern('x..', 'xx.', '.xx'));
  });

  it('grouped heads: Hk divides Hq, adjacent heads share a group', () => {
    const q = tf.zeros([1, 4, 1, 1]);
    const k = tf.zeros([1, 2, 1, 1]);
    const v = tf.tensor4d([5, 7], [1, 2, 1, 1]);
    expect(values(dotProductAttention(q, k, v).context)).toEqual([5, 5, 7, 7]);
    expectError('SHAPE_MISMATCH', () => dotProductAttention(q, tf.zeros([1, 3, 1, 1]), tf.zeros([1, 3, 1, 1])));
  });

  it('value width may differ from D', () => {
    const { context } = dotProductAttention(numbers([1, 1, 2, 3]), numbers([1, 1, 4, 3]), numbers([1, 1, 4, 7]));
    expect(context.shape).toEqual([1, 1, 2, 7]);
  });

  describe('dropout', () => {
    const [q, k, v] = [numbers([2, 2, 8, 4]), numbers([2, 2, 16, 4], 2), tf.ones([2, 2, 16, 1])];

    it('is a function of the element index and the seed, scaled by 1/(1 − rate)', () => {
      const dropout = { rate: 0.25, seed: 2 ** 40 + 3 };
      const { context, weights } = dotProductAttention(q, k, v, { dropout, returnWeights: true });
      const factor = dropoutFactor(dropout);
      const expected = Array.from({ length: 32 }, (_, row) =>
        values(weights)
          .slice(row * 16, row * 16 + 16)
          .reduce((sum, weight, j) => sum + weight * factor(row * 16 + j), 0),
      );
      values(context).forEach((value, row) => expect(value).toBeCloseTo(expected[row], 5));
      const kept = Array.from({ length: 4096 }, (_, n) => factor(n));
      expect(new Set(kept)).toEqual(new Set([0, 1 / 0.75]));
      expect(kept.filter(Boolean).length / 4096).toBeCloseTo(0.75, 1);
    });

    it('leaves the returned weights alone: rows sum to 1', () => {
      const { weights } = dotProductAttention(q, k, v, { dropout: { rate: 0.5, seed: 1 }, returnWeights: true });
      values(tf.sum(weights, -1)).forEach((sum) => expect(sum).toBeCloseTo(1, 5));
    });

    it('needs a rate in [0, 1) and a seed', () => {
      for (const dropout of [
        { rate: 1, seed: 1 },
        { rate: -0.1, seed: 1 },
        { rate: NaN, seed: 1 },
        { rate: 0.5, seed: -1 },
        { rate: 0.5, seed: 0.5 },
      ]) {
        expectError('INVALID_ARGUMENT', () => dotProductAttention(q, k, v, { dropout }));
      }
    });
  });

  describe('dtypes', () => {
    it('other than float32 are refused by name', () => {
      const [, k, v] = uniform(1, 2);
      const error = expectError('DTYPE_UNSUPPORTED', () => dotProductAttention(tf.zeros([1, 1, 1, 1], 'int32'), k, v));
      expect(error.message).toContain('int32');
    });

    it('masks are bool and lengths int32', () => {
      const [q, k, v] = uniform(1, 2);
      expectError('DTYPE_UNSUPPORTED', () => dotProductAttention(q, k, v, { mask: tf.ones([1, 2]) }));
      expectError('DTYPE_UNSUPPORTED', () => dotProductAttention(q, k, v, { bias: tf.ones([1, 2], 'bool') }));
      expectError('DTYPE_UNSUPPORTED', () => padding(tf.tensor1d([1])));
      expect(values(dotProductAttention(q, k, v, { mask: padding(tf.tensor1d([1], 'int32')) }).context)).toEqual([1]);
    });
  });

  describe('empty axes', () => {
    it('Tk = 0 acts as fully masked, with gradients 0', () => {
      const q = numbers([1, 2, 3, 4]);
      const [k, v] = [tf.zeros([1, 2, 0, 4]), tf.zeros([1, 2, 0, 5])];
      const result = dotProductAttention(q, k, v, { returnWeights: true, returnLogSumExp: true });
      expect(values(result.context)).toEqual(Array(30).fill(0));
      expect(result.weights.shape).toEqual([1, 2, 3, 0]);
      expect(values(result.logSumExp)).toEqual(Array(6).fill(-Infinity));
      const [dq] = gradients(() => dotProductAttention(q, k, v).context, [q]);
      expect(values(dq)).toEqual(Array(24).fill(0));
    });

    it('Tq = 0, B = 0 or Dv = 0 gives an empty result', () => {
      expect(
        dotProductAttention(tf.zeros([1, 2, 0, 4]), tf.zeros([1, 2, 3, 4]), tf.zeros([1, 2, 3, 5])).context.shape,
      ).toEqual([1, 2, 0, 5]);
      expect(
        additiveAttention(tf.zeros([0, 2, 4]), tf.zeros([0, 3, 4]), tf.zeros([4]), tf.zeros([0, 3, 5])).context.shape,
      ).toEqual([0, 2, 5]);
      expect(weightedContext(tf.zeros([2, 3]), tf.zeros([3, 0])).context.shape).toEqual([2, 0]);
    });
  });

  it('determinism: the same inputs give the same bits', () => {
    const args = [numbers([1, 2, 9, 5]), numbers([1, 2, 9, 5], 2), numbers([1, 2, 9, 5], 3)] as const;
    const once = values(dotProductAttention(...args, { causal: true }).context);
    expect(values(dotProductAttention(...args, { causal: true }).context)).toEqual(once);
  });
});

function flat(tensor: tf.Tensor): tf.Tensor {
  return tf.reshape(tensor, tensor.shape.slice(1));
}
