import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { identified, initializerBy, regularizerBy } from './identifiers.js';

describe('what names an initializer or a regularizer', () => {
  it.each(['glorot_uniform', 'glorotUniform', 'GlorotUniform', { className: 'GlorotUniform', config: { seed: 3 } }])(
    '%s',
    (name) => expect(initializerBy(name)!.getConfig()).toMatchObject({ mode: 'fanAvg', distribution: 'uniform' }),
  );

  it("Keras's words and classes", () => {
    const config = { scale: 2, mode: 'fan_in', distribution: 'truncated_normal', seed: null };
    expect(initializerBy({ className: 'VarianceScaling', config })!.getConfig()).toMatchObject({ mode: 'fanIn' });
    expect(initializerBy('lecun_normal')!.getConfig()).toMatchObject({ mode: 'fanIn', distribution: 'normal' });
  });

  it.each([
    ['l2', 0, 0.01],
    ['L1', 0.01, 0],
    [{ className: 'L2', config: { l2: 0.5 } }, 0, 0.5],
    [{ className: 'L1L2', config: { l1: 0.2 } }, 0.2, 0],
  ])('%s', (name, l1, l2) => expect(regularizerBy(name)!.getConfig()).toEqual({ l1, l2 }));

  it('is the same after a configuration, and itself where it is one already', () => {
    const one = initializerBy('he_normal')!;
    expect(initializerBy(identified(one) as { className: string })!.getConfig()).toEqual(one.getConfig());
    expect(initializerBy(one)).toBe(one);
    expect([regularizerBy(null), identified(undefined)]).toEqual([undefined, null]);
    expect(() => initializerBy('glorot')).toThrow(/glorot/i);
    expect(tf.memory().numTensors).toBe(0);
  });
});
