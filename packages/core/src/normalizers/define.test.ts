import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { expectError, gradients, useComposedCpu, values } from '../../test/cpu-engine.js';
import { NORMALIZERS, NORMALIZER_DEFINITIONS, defineNormalizer, weightedContext } from '../index.js';

useComposedCpu();

const scores = tf.tensor2d([[1, 3, -Infinity]]);
const value = tf.tensor2d([[2], [4], [NaN]]);

/** s / Σ s, whose gradient is no function of the weights alone. NaN where no position takes part. */
const shares = defineNormalizer({
  name: 'shares',
  title: 'shares',
  forward(scores) {
    const finite = tf.where(tf.isFinite(scores), scores, tf.zerosLike(scores));
    return tf.where(tf.isFinite(scores), tf.div(finite, tf.sum(finite, -1, true)), tf.fill(scores.shape, NaN));
  },
  backward(weights, dWeights, scores) {
    const finite = tf.where(tf.isFinite(scores), scores, tf.zerosLike(scores));
    const mean = tf.sum(tf.mul(weights, dWeights), -1, true);
    return tf.div(tf.sub(dWeights, mean), tf.sum(finite, -1, true));
  },
});

describe('a normaliser of your own', () => {
  it('gives weights and gradients where a position takes part, 0 elsewhere', () => {
    const options = { normalizer: shares, mask: tf.tensor1d([1, 1, 0], 'bool'), returnWeights: true } as const;
    const { context, weights } = weightedContext(scores, value, options);
    expect(values(weights)).toEqual([0.25, 0.75, 0]);
    expect(values(context)).toEqual([3.5]);
    // The mean is 3.5, the sum of scores 4: (v − mean) / sum.
    const [dScores] = gradients(() => weightedContext(scores, value, options).context, [scores]);
    expect(values(dScores)).toEqual([-0.375, 0.125, 0]);
  });

  it("may be core's", () => {
    for (const name of NORMALIZERS) {
      const [byName, byValue] = [name, NORMALIZER_DEFINITIONS[name]].map((normalizer) =>
        values(weightedContext(scores, tf.ones([3, 1]), { normalizer }).context),
      );
      expect(byValue).toEqual(byName);
    }
  });

  it('is refused when it is none, or goes by the name of another', () => {
    const refused = [{}, { ...shares, name: '' }, { ...shares, backward: undefined }, { ...shares, name: 'softmax' }];
    const messages = refused.map(
      (normalizer) =>
        expectError('INVALID_ARGUMENT', () => weightedContext(scores, value, { normalizer: normalizer as never }))
          .message,
    );
    expect(messages.slice(0, 3)).toEqual(Array(3).fill(expect.stringContaining('not a normaliser')));
    expect(messages[3]).toContain("is called 'softmax', as another is");
  });
});
