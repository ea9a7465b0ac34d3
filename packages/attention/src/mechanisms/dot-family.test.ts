import * as tf from '@tensorflow/tfjs-core';
import { slidingWindow } from '@heed/core';
import { describe, expect, it } from 'vitest';
import { BACKENDS, expectClose, random, useBackend, values } from '../../test/engine.js';
import { cosine, createMechanism, dot, scaledDotProduct, type AttentionMechanism } from '../index.js';

const LN3 = Math.log(3);

describe.each(BACKENDS)('on $name', (factory) => {
  useBackend(factory);

  const weightsOf = (mechanism: AttentionMechanism, query: number[], memory: number[][]): number[] =>
    values(
      mechanism.attend(tf.tensor2d([query]), mechanism.prepare(tf.tensor3d([memory])), { returnWeights: true }).weights,
    );

  it('dot by hand: no scale', () => {
    expectClose(
      weightsOf(
        dot({ width: 2 }),
        [1, 0],
        [
          [0, 7],
          [LN3, -5],
        ],
      ),
      [1 / 4, 3 / 4],
      1e-6,
    );
  });

  it('general by hand: sᵀ W h with W = [[0, ln 3, 0], [5, 0, 0]] takes the second feature of h', () => {
    const kernel = tf.transpose(
      tf.tensor2d([
        [0, LN3, 0],
        [5, 0, 0],
      ]),
    );
    const mechanism = createMechanism(
      { kind: 'general', queryWidth: 2, memoryWidth: 3, seed: 0 },
      { memory_kernel: kernel },
    );
    expectClose(
      weightsOf(
        mechanism,
        [1, 0],
        [
          [3, 0, 4],
          [-1, 1, 9],
        ],
      ),
      [1 / 4, 3 / 4],
      1e-6,
    );
  });

  it('scaledDotProduct by hand: 1/√4 by default, otherwise the number or the parameter', () => {
    const memory = [
      [0, 0, 0, 0],
      [2 * LN3, 0, 0, 9],
    ];
    const query = [1, 0, 0, 0];
    expectClose(weightsOf(scaledDotProduct({ width: 4 }), query, memory), [1 / 4, 3 / 4], 1e-6);
    expectClose(weightsOf(scaledDotProduct({ width: 4, scale: -0.5 }), query, memory), [3 / 4, 1 / 4], 1e-6);
    const learned = scaledDotProduct({ width: 4, scale: 'learned' });
    expectClose(weightsOf(learned, query, memory), [1 / 4, 3 / 4], 1e-6);
    learned.parameters['scale'].assign(tf.scalar(1));
    expectClose(weightsOf(learned, query, memory), [1 / 10, 9 / 10], 1e-6);
    const capped = weightsOf(scaledDotProduct({ width: 4, softCap: LN3 }), query, memory);
    const score = LN3 * Math.tanh(1);
    expectClose(capped, [1 / (1 + Math.exp(score)), Math.exp(score) / (1 + Math.exp(score))], 1e-6);
  });

  it('cosine by hand: lengths do not count, the scale does, and a vector of length 0 has cosine 0', () => {
    const memory = [
      [0, 0],
      [3, 0],
      [0, 100],
    ];
    const [other, same] = [1, 3].map((x) => x / 5);
    expectClose(weightsOf(cosine({ width: 2, scale: LN3 }), [1e-3, 0], memory), [other!, same!, other!], 1e-6);
    const mechanism = cosine({ width: 2 });
    const prepared = mechanism.prepare(tf.tensor3d([memory]));
    const finite = tf.grad((query) => tf.sum(tf.square(mechanism.attend(query, prepared).context)))(tf.zeros([1, 2]));
    expect(values(finite).every(Number.isFinite)).toBe(true);
  });

  it('passes masks and biases through', () => {
    const mechanism = dot({ width: 2 });
    const memory = random<tf.Rank.R3>([1, 3, 2], 1);
    const prepared = mechanism.prepare(memory);
    const window = mechanism.attend(memory, prepared, { mask: slidingWindow({ left: 0, right: 0 }) });
    expect(values(window.context)).toEqual(values(memory));
    const diagonal = tf.cast(tf.reshape(tf.eye(3), [1, 1, 3, 3]), 'bool');
    expect(values(mechanism.attend(memory, prepared, { mask: diagonal }).context)).toEqual(values(memory));
    const bias = tf.tensor4d([-Infinity, 0, -Infinity], [1, 1, 1, 3]);
    const second = values(tf.slice(memory, [0, 1, 0], [1, 1, 2]));
    expect(values(mechanism.attend(memory, prepared, { bias }).context)).toEqual([...second, ...second, ...second]);
  });
});
