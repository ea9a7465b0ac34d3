import { maskHook, scoreHook, weightHook } from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { BACKENDS, codeOf, expectClose, expectNoLeak, random, useBackend, values } from '../test/engine.js';
import { additive, alibiSlopes, coverage, dot, monotonic, multiHead, selfAttend } from './index.js';

const HEADS = 4;
const wide = { queryWidth: 8, memoryWidth: 8, seed: 3 };

const earlier = maskHook(({ query, key }) => query.ge(key));
const decay = (rate: tf.Tensor) =>
  scoreHook(({ score, query, key, head }, { rate }) => score.sub(query.sub(key).abs().mul(rate.at(head))), { rate });

describe.each(BACKENDS)('hooks of a mechanism on $name', (factory) => {
  useBackend(factory);

  it('are those of its op: ALiBi and a causal mask written as hooks', () => {
    const x = random<tf.Rank.R3>([2, 6, 8]);
    const hooked = multiHead({ ...wide, heads: HEADS });
    const builtIn = multiHead({ ...wide, heads: HEADS, alibi: {} });
    const scored = decay(tf.tensor1d(alibiSlopes(HEADS)));
    const all = { returnWeights: true, returnLogSumExp: true } as const;
    const found = selfAttend(hooked, x, { scoreHook: scored, maskHook: earlier, ...all });
    const expected = selfAttend(builtIn, x, { causal: true, ...all });
    for (const name of ['context', 'weights', 'logSumExp'] as const) {
      expectClose(values(found[name]), values(expected[name]), 1e-5);
    }
    hooked.dispose();
    builtIn.dispose();
  });

  it('send gradients to what they capture, through projections, and leave nothing behind', () => {
    const mechanism = multiHead({ ...wide, heads: HEADS });
    const x = random<tf.Rank.R3>([2, 6, 8]);
    const rate = tf.variable(tf.tensor1d([0.1, 0.2, 0.3, 0.4]));
    const hook = decay(rate);
    const run = () => tf.variableGrads(() => tf.sum(tf.square(selfAttend(mechanism, x, { scoreHook: hook }).context)));
    const { grads, value } = run();
    const gradient = values(grads[rate.name]);
    expect(gradient.every((g) => Number.isFinite(g) && g !== 0)).toBe(true);
    tf.dispose([grads, value]);
    expectNoLeak(() => {
      const again = run();
      tf.dispose([again.grads, again.value]);
    });
    rate.dispose();
    mechanism.dispose();
  });

  it('belong to mechanisms without heads too', () => {
    const x = random<tf.Rank.R3>([2, 5, 8]);
    for (const mechanism of [dot({ width: 8 }), additive({ ...wide, units: 4 })]) {
      const found = selfAttend(mechanism, x, { maskHook: earlier });
      const expected = selfAttend(mechanism, x, { causal: true });
      expectClose(values(found.context), values(expected.context), 1e-6);
      mechanism.dispose();
    }
  });

  it('are refused where scores or weights are not an op’s, or are made step by step', () => {
    const x = random<tf.Rank.R3>([1, 3, 8]);
    const doubled = weightHook(({ weight }) => weight.mul(2));
    const refused = [
      [coverage({ ...wide, units: 4 }), { maskHook: earlier }],
      [monotonic({ ...wide, units: 4 }), { scoreHook: scoreHook(({ score }) => score) }],
      [multiHead({ ...wide, heads: HEADS, normalizer: 'sparsemax' }), { maskHook: earlier }],
      [multiHead({ ...wide, heads: HEADS, sinks: true }), { weightHook: doubled }],
    ] as const;
    for (const [mechanism, hooks] of refused) {
      expect(codeOf(() => selfAttend(mechanism, x, hooks))).toBe('INVALID_ARGUMENT');
      mechanism.dispose();
    }
  });
});
