import '@tensorflow/tfjs'; // registers the gradients of its ops
import * as tf from '@tensorflow/tfjs-core';
import { cpu } from '@heed/backend-cpu';
import { wasm } from '@heed/backend-wasm';
import { composed, selectBackend, type AttentionBackend } from '@heed/core';
import { fromTorch, toTorch } from '@heed/torch';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stateOf } from './cases.js';

const FACTORIES = [composed({ engine: 'cpu' }), cpu(), wasm()];

describe.each(FACTORIES.map((factory) => [factory.name, factory] as const))('on %s', (_, factory) => {
  let backend: AttentionBackend;
  beforeAll(async () => {
    backend = await selectBackend(factory);
  });
  afterAll(() => backend.dispose());

  it('what was called comes back to the bit, and training changes every parameter', () => {
    const before = tf.memory().numTensors;
    const state = stateOf('transformer-post-relu');
    const module = fromTorch(state, { kind: 'Transformer', heads: 2 });
    const [src, tgt] = [tf.randomNormal([5, 2, 8]), tf.randomNormal([3, 2, 8])];
    const loss = (): tf.Scalar => tf.mean(tf.square(tf.sub(module.call(src, tgt).output, 1)));
    const lossNow = (): number => tf.tidy(() => loss().dataSync<'float32'>()[0]!);
    const first = lossNow();
    expect(toTorch(module)).toEqual({ ...state });

    const optimizer = tf.train.sgd(0.1);
    for (let step = 0; step < 3; step++) optimizer.minimize(loss);
    expect(lossNow()).toBeLessThan(first);
    const trained = toTorch(module);
    expect(Object.keys(trained).filter((key) => String(trained[key]!.data) === String(dataIn(state[key])))).toEqual([]);
    optimizer.dispose();
    module.dispose();
    tf.dispose([src, tgt]);
    expect(tf.memory().numTensors).toBe(before);
  });
});

const dataIn = (stored: unknown): unknown => (stored as { readonly data: unknown }).data;
