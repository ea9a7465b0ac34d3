import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { draw } from './draw.js';
import { Performer, take } from './perform.js';
import { ALL_OUTPUTS, dot } from './examples.js';

beforeAll(() => tf.setBackend('cpu'));

it('the gradients are those that a user gets of Σ output∘cotangent', async () => {
  const instance = draw(dot({ queries: 3, keys: 4, outputs: ALL_OUTPUTS }), 1);
  const performer = new Performer(instance);
  const before = tf.memory().numTensors;
  const got = await take(performer.gradients());
  expect(tf.memory().numTensors).toBe(before);

  const loss = (): tf.Scalar => {
    const terms = Object.entries(performer.forward()).map(([name, output]) => {
      const { shape, values } = instance.cotangents[name as keyof typeof instance.cotangents]!;
      return tf.sum(tf.mul(output, tf.tensor(Float32Array.from(values), [...shape])));
    });
    return tf.addN(terms) as tf.Scalar;
  };
  const expected = tf.grads(loss)(Object.values(performer.inputs));
  for (const [n, { values }] of Object.values(got).entries()) {
    expect(values).toEqual(Float32Array.from(await expected[n].data()));
  }
  expect(Object.keys(got)).toEqual(['dQuery', 'dKey', 'dValue']);
  performer.dispose();
});
