import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { BACKENDS, codeOf, expectClose, random, useBackend, values } from '../../test/engine.js';
import { additive, concat, createMechanism } from '../index.js';

describe.each(BACKENDS)('on $name', (factory) => {
  useBackend(factory);

  // atanh(1/2) = ½ ln 3, so that tanh takes round values.
  const half = Math.log(3) / 2;
  const memory = (): tf.Tensor3D => tf.tensor3d([[[0], [half], [2 * half]]]);
  const config = { kind: 'additive', queryWidth: 1, memoryWidth: 1, units: 1, seed: 0 };
  const weights = (v: number, b: number): Record<string, tf.Tensor> => ({
    query_kernel: tf.tensor2d([[-1]]),
    memory_kernel: tf.tensor2d([[1]]),
    vector: tf.tensor1d([v]),
    bias: tf.tensor1d([b]),
  });

  it('by hand: W₁ = 1, W₂ = −1, b = ½ ln 3, v = 2 ln 3, s = ½ ln 3 and h = 0, ½ ln 3, ln 3', () => {
    // Inside tanh: 0, ½ ln 3, ln 3, so tanh is 0, 1/2, (9 − 1)/(9 + 1) = 4/5. Scores: 0, ln 3, 8/5 ln 3.
    const mechanism = createMechanism(config, weights(2 * Math.log(3), half));
    const {
      context,
      weights: alpha,
      logSumExp,
    } = mechanism.attend(tf.tensor2d([[half]]), mechanism.prepare(memory()), {
      returnWeights: true,
      returnLogSumExp: true,
    });
    const total = 1 + 3 + 3 ** 1.6;
    expectClose(values(alpha!), [1 / total, 3 / total, 3 ** 1.6 / total], 1e-6);
    expectClose(values(context), [(3 * half + 3 ** 1.6 * 2 * half) / total], 1e-6);
    expectClose(values(logSumExp), [Math.log(total)], 1e-6);
  });

  it('normalized: only the direction of v counts, and the gain g takes the place of its length', () => {
    const make = (v: number) =>
      createMechanism({ ...config, normalized: true }, { ...weights(v, half), gain: tf.scalar(2 * Math.log(3)) });
    const run = (v: number): number[] => {
      const mechanism = make(v);
      return values(mechanism.attend(tf.tensor2d([[half]]), mechanism.prepare(memory())).context);
    };
    const total = 1 + 3 + 3 ** 1.6;
    expectClose(run(0.25), [(3 * half + 3 ** 1.6 * 2 * half) / total], 1e-6);
    expect(run(4)).toEqual(run(0.25));
    expect(run(-4)).not.toEqual(run(4));
    const fresh = additive({ queryWidth: 2, memoryWidth: 2, units: 16, normalized: true, seed: 1 });
    expect(values(fresh.parameters['gain'])).toEqual([0.25]); // √(1/U)
  });

  it('v is a vector over units, as the `scale` of Keras is: scores are Σ_u v_u tanh(q_u + k_u)', () => {
    const [q, k, v] = [
      [1, 1.1, 1.2, 1.3],
      [1.5, 1.6, 1.7, 1.8],
      [0.5, 0.6, 0.7, 0.8],
    ] as const;
    const identity = tf.eye(4);
    const mechanism = createMechanism(
      { kind: 'additive', queryWidth: 4, memoryWidth: 4, units: 4, bias: false, seed: 0 },
      { query_kernel: identity, memory_kernel: identity, vector: tf.tensor1d([...v]) },
    );
    const prepared = mechanism.prepare(tf.tensor3d([[[...k]]]));
    // One position: its weight is 1 and the log of the sum of exponentials is its score.
    const { logSumExp } = mechanism.attend(tf.tensor2d([[...q]]), prepared, { returnLogSumExp: true });
    expectClose(values(logSumExp), [v.reduce((sum, scale, u) => sum + scale * Math.tanh(q[u] + k[u]), 0)], 1e-6);
  });

  it('concat is additive without b when its kernel is the two end to end, the query first', () => {
    const both = additive({ queryWidth: 2, memoryWidth: 3, units: 4, bias: false, seed: 5 });
    const { query_kernel, memory_kernel, vector } = both.parameters as Record<string, tf.Variable>;
    const one = createMechanism(
      { kind: 'concat', queryWidth: 2, memoryWidth: 3, units: 4, seed: 0 },
      { kernel: tf.concat([query_kernel!, memory_kernel!], 0), vector: vector! },
    );
    const [query, memory] = [random<tf.Rank.R3>([2, 3, 2], 1), random<tf.Rank.R3>([2, 5, 3], 2)];
    const contexts = [both, one].map((m) => values(m.attend(query, m.prepare(memory)).context));
    expect(contexts[0]).toEqual(contexts[1]);
  });

  it('takes keys that are not the memory', () => {
    const mechanism = createMechanism(config, weights(2 * Math.log(3), half));
    const query = tf.tensor2d([[half]]);
    const values3 = tf.tensor3d([[[10], [20], [30]]]);
    const total = 1 + 3 + 3 ** 1.6;
    const { context } = mechanism.attend(query, mechanism.prepare(values3, { keys: memory() }));
    expectClose(values(context), [(10 + 60 + 30 * 3 ** 1.6) / total], 1e-5);
    const [first, last] = [memory(), values3].map((x) => tf.split(x, [1, 2], 1)) as tf.Tensor3D[][];
    const grown = mechanism.prepare(last![0], { keys: first![0] }).append(last![1], { keys: first![1] });
    expect(values(mechanism.attend(query, grown).context)).toEqual(values(context));
  });

  it('has no place for a bias per pair of positions, and says so', () => {
    const query = random<tf.Rank.R3>([1, 2, 2]);
    for (const make of [additive, concat]) {
      const mechanism = make({ queryWidth: 2, memoryWidth: 2, units: 2, seed: 1 });
      const prepared = mechanism.prepare(query);
      const bias = tf.zeros([1, 1, 2, 2]);
      const tensors = tf.memory().numTensors;
      expect(codeOf(() => mechanism.attend(query, prepared, { bias }))).toBe('INVALID_ARGUMENT');
      expect(tf.memory().numTensors).toBe(tensors);
    }
  });
});
