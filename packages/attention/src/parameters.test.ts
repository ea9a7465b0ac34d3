import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { BACKENDS, expectNoLeak, random, useBackend, values } from '../test/engine.js';
import { additive, createMechanism, multiHead, type AttentionMechanism } from './index.js';

const options = { queryWidth: 2, memoryWidth: 3, units: 4, seed: 1 };

describe('parameters', () => {
  useBackend(BACKENDS[0]);

  it('are named by mechanism and key, and keep the process-wide names apart', () => {
    const [first, second] = [additive({ ...options, name: 'reader' }), additive({ ...options, name: 'reader' })];
    expect(Object.keys(first.parameters)).toEqual(Object.keys(second.parameters));
    expect(first.parameters['vector'].name).toBe('reader/vector');
    expect(second.parameters['vector'].name).toBe('reader_1/vector');
    expect(second.config()).toEqual(first.config());
    first.dispose();
    const third = additive({ ...options, name: 'reader' });
    expect(third.parameters['vector'].name).toBe('reader/vector');
    second.dispose();
    third.dispose();
  });

  it('are the same for a seed, others for another, and unlike one another', () => {
    const draw = (seed: number): number[] => {
      const mechanism = additive({ ...options, memoryWidth: 2, seed });
      const result = ['query_kernel', 'memory_kernel'].flatMap((key) => values(mechanism.parameters[key]));
      mechanism.dispose();
      return result;
    };
    expect(draw(3)).toEqual(draw(3));
    expect(draw(3)).not.toEqual(draw(4));
    expect(new Set(draw(3)).size).toBe(16);
    expect(draw(2 ** 32)).not.toEqual(draw(0));
  });

  it('without a bias are those with it', () => {
    const [bare, full] = [false, true].map((bias) => additive({ ...options, bias }));
    expect(Object.keys(bare!.parameters)).toEqual(['query_kernel', 'memory_kernel', 'vector']);
    for (const key of Object.keys(bare!.parameters)) {
      expect(values(bare!.parameters[key])).toEqual(values(full!.parameters[key]));
    }
    expect(values(full!.parameters['bias'])).toEqual([0, 0, 0, 0]);
  });

  it('are trained by an optimizer', () => {
    const mechanism = multiHead({ queryWidth: 4, memoryWidth: 4, heads: 2, seed: 1, relative: { reach: 2 } });
    const x = random<tf.Rank.R3>([2, 3, 4]);
    const target = random([2, 3, 4], 2);
    const optimizer = tf.train.adam(0.05);
    const run = (): number =>
      tf.tidy(() => {
        const loss = (): tf.Scalar =>
          tf.mean(tf.square(tf.sub(mechanism.attend(x, mechanism.prepare(x)).context, target)));
        return optimizer.minimize(loss, true, Object.values(mechanism.parameters))!.dataSync()[0];
      });
    const first = run();
    for (let i = 0; i < 30; i++) run();
    expect(run()).toBeLessThan(first / 2);
    optimizer.dispose();
    mechanism.dispose();
  });

  it('outlive the weights that they were made of, and leave them alone', () => {
    const original = additive(options);
    expectNoLeak(() => {
      const weights = Object.fromEntries(
        Object.entries(original.parameters).map(([key, variable]) => [key, tf.clone(variable as tf.Tensor)]),
      );
      const copies: AttentionMechanism[] = [];
      tf.tidy(() => void copies.push(createMechanism(original.config(), weights)));
      tf.dispose(weights);
      const { vector } = copies[0].parameters;
      tf.tidy(() => vector!.assign(tf.zeros([4])));
      expect(values(vector!)).toEqual([0, 0, 0, 0]);
      expect(values(original.parameters['vector'])).not.toEqual([0, 0, 0, 0]);
      copies[0].dispose();
      return [];
    });
  });
});
