import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BACKENDS, codeOf, expectClose, expectNoLeak, random, useBackend, values } from '../test/engine.js';
import { MECHANISMS, additive, createMechanism, multiHead, type AttentionMechanism } from './index.js';

const [B, T, Tk] = [2, 3, 5];
const place = { queryWidth: 8, memoryWidth: 8, seed: 3 };
/** Kinds that look at no later position by themselves. */
const CAUSAL = new Set(['latent', 'multiToken']);
/** Kinds whose weights are no softmax of their scores alone; what is on their way stands in tests of their own. */
const OTHERS = new Set(['differential', 'gatedDelta', 'retention', 'twoSimplicial', 'visualSentinel']);
/** Kinds that make weights of scores by themselves. */
const WEIGHING = new Set(['forward', 'gmm', 'localP', 'mocha', 'monotonic', 'stepwiseMonotonic']);
/** Kinds without a kernel of their own: theirs are products of matrices where no order is asked for. */
const PRODUCTS = new Set(['linear']);
const configs: [string, object][] = [
  ...MECHANISMS.filter(({ kind }) => !OTHERS.has(kind)).map(({ kind, fit, suggest }): [string, object] => [
    kind,
    { kind, ...fit.options(place), ...suggest?.({ width: 8, heads: 2 }) },
  ]),
  ['one key head', { kind: 'multiHead', ...place, heads: 4, keyHeads: 1, softCap: 0.7, bias: false }],
  ['positions', { kind: 'multiHead', ...place, heads: 2, rotary: {}, alibi: {}, relative: { reach: 2 } }],
];

describe.each(BACKENDS)('parts on $name', (factory) => {
  useBackend(factory);

  describe.each(configs)('%s', (kind, config) => {
    const isCausal = CAUSAL.has(kind);
    let mechanism: AttentionMechanism;
    const weighs = WEIGHING.has(kind);
    const query = random<tf.Rank.R3>([B, T, 8], 1);
    const memory = random<tf.Rank.R3>([B, Tk, 8], 2);
    const alignment = { align: 'bottom-right' } as const;
    beforeAll(() => {
      mechanism = createMechanism(config);
      Object.values(mechanism.parameters).forEach((parameter, n) =>
        tf.tidy(() => parameter.assign(random(parameter.shape, 20 + n))),
      );
    });
    afterAll(() => mechanism.dispose());

    it('are on the way of attend: its weights are the softmax of the scores, and give its context', () => {
      const prepared = mechanism.prepare(memory, { lengths: [5, 3] });
      const parts = mechanism.parts(query, prepared, { alignment });
      const seen = mechanism.attend(query, prepared, { alignment, returnWeights: true });
      expectClose(values(parts.context), values(seen.context), 1e-6);
      expectClose(values(parts.weights), values(seen.weights), 1e-6);
      expect(parts.scores.shape).toEqual(seen.weights.shape);
      const open = tf.less(tf.range(0, Tk), tf.tensor([5, 3], [B, ...seen.weights.shape.slice(1).map(() => 1)]));
      const reached = tf.lessEqual(tf.range(0, Tk), tf.reshape(tf.range(Tk - T, Tk), [T, 1])); // up to the query's own
      const allowed = isCausal ? tf.logicalAnd(open, reached) : open;
      const softmax = values(tf.softmax(tf.where(allowed, parts.scores, -1e9)));
      if (weighs)
        expect(Math.max(...values(seen.weights).map((x, n) => Math.abs(x - softmax[n])))).toBeGreaterThan(1e-3);
      else expectClose(softmax, values(seen.weights), 1e-5);
      const heads = mechanism.parts(query, prepared, { alignment }).heads;
      const { values: averaged } = parts;
      if (averaged.rank === 3) expectClose(values(tf.matMul(parts.weights, averaged)), values(parts.context), 1e-5);
      // Of latents, values are what heads make theirs of.
      else
        expect(heads!.shape).toEqual([...parts.weights.shape.slice(0, -1), kind === 'latent' ? 4 : averaged.shape[3]]);
      expect(parts.keys.shape.at(-2)).toBe(Tk);
      expect(parts.query.shape.at(-2)).toBe(T);
    });

    it('change with the scores: cold, and all alike', () => {
      const prepared = mechanism.prepare(memory, { lengths: [5, 3] });
      const cold = mechanism.parts(query, prepared, { alignment, change: (scores) => tf.mul(scores, 3) });
      if (!mechanism.keepsState)
        expectClose(
          values(cold.changed!),
          values(cold.scores).map((score) => 3 * score),
          1e-5,
        );
      const { weights } = mechanism.parts(query, prepared, { alignment, change: (scores) => tf.zerosLike(scores) });
      const mean = values(weights).slice(-Tk);
      if (weighs) expect(mean).not.toEqual(values(mechanism.parts(query, prepared, { alignment }).weights).slice(-Tk));
      else expectClose(mean, [1 / 3, 1 / 3, 1 / 3, 0, 0], 1e-6);
      expect(mean.slice(3)).toEqual([0, 0]);
      expect(mechanism.parts(query, prepared, { alignment })).not.toHaveProperty('changed');
    });

    it('tell what dropout makes of the weights, as attend does', () => {
      const prepared = mechanism.prepare(memory);
      const dropout = { rate: 0.4, seed: 5 };
      const { dropped, weights, context } = mechanism.parts(query, prepared, { alignment, dropout });
      const undropped = values(weights);
      const shares = values(dropped!).flatMap((value, n) => (undropped[n] === 0 ? [] : [value / undropped[n]]));
      for (const share of shares) expect(Math.min(Math.abs(share), Math.abs(share - 1 / 0.6))).toBeLessThan(1e-4);
      expect(new Set(shares.map(Math.round))).toEqual(new Set([0, 2]));
      expectClose(values(context), values(mechanism.attend(query, prepared, { alignment, dropout }).context), 1e-6);
    });

    it('leak nothing, and take one step', () => {
      expectNoLeak(() => {
        const prepared = mechanism.prepare(memory);
        const step = tf.tidy(() => tf.squeeze<tf.Tensor2D>(tf.slice(query, [0, 0, 0], [B, 1, 8]), [1]));
        const parts = mechanism.parts(step, prepared, { dropout: { rate: 0.5, seed: 1 } });
        expect(parts.context.shape).toEqual([B, 1, mechanism.contextWidth]);
        mechanism.explain(step, prepared);
        prepared.dispose();
        step.dispose();
        return [{ ...parts }];
      });
    });

    it('say which path attend takes', () => {
      const prepared = mechanism.prepare(memory);
      const path = factory.name === 'composed' || weighs || PRODUCTS.has(kind) ? 'composed' : 'fused';
      expect(mechanism.explain(query, prepared, { alignment }).path).toBe(path);
      const change = (scores: tf.Tensor): tf.Tensor => scores;
      const { request } = mechanism.explain(query, prepared, { alignment, change });
      expect(request.op).toBe('weightedContext');
    });
  });

  it('refuse what attend refuses', () => {
    const mechanism = additive({ ...place, units: 4 });
    const memory = mechanism.prepare(random<tf.Rank.R3>([B, Tk, 8]));
    const query = random<tf.Rank.R3>([B, T, 8]);
    expect(codeOf(() => mechanism.parts(query, {} as never))).toBe('INVALID_ARGUMENT');
    expect(codeOf(() => mechanism.parts(query, memory, { returnWeights: true } as object))).toBe('UNKNOWN_OPTION');
    expect(codeOf(() => mechanism.parts(query, memory, { change: 2 as never }))).toBe('INVALID_ARGUMENT');
    expect(codeOf(() => mechanism.parts(query, memory, { change: () => undefined as never }))).toBe('INVALID_ARGUMENT');
    expect(codeOf(() => mechanism.parts(query, memory, { change: (x) => tf.sum(x) }))).toBe('SHAPE_MISMATCH');
    expect(codeOf(() => mechanism.parts(random([B, T, 7]), memory))).toBe('SHAPE_MISMATCH');
    expect(codeOf(() => mechanism.explain(query, memory, { causal: true }))).toBe('ALIGNMENT_REQUIRED');
    mechanism.dispose();
    expect(codeOf(() => mechanism.parts(query, memory))).toBe('DISPOSED');
    expect(codeOf(() => mechanism.explain(query, memory))).toBe('DISPOSED');
  });

  it('are empty where there is nothing', () => {
    for (const make of [() => additive({ ...place, units: 4 }), () => multiHead({ ...place, heads: 2 })]) {
      const mechanism = make();
      const parts = mechanism.parts(random([B, T, 8]), mechanism.prepare(tf.zeros([B, 0, 8])));
      expect(parts.scores.size).toBe(0);
      expect(Math.max(...values(parts.weights), 0)).toBe(0);
      mechanism.dispose();
    }
  });
});
