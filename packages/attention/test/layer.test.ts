import { readFile } from 'node:fs/promises';
import * as tf from '@tensorflow/tfjs';
import { cpu } from '@heed/backend-cpu';
import { selectBackend } from '@heed/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { SelfAttention } from './self-attention-layer.js';

beforeAll(async () => {
  await selectBackend(cpu());
});

function modelWith(layer: tf.layers.Layer): tf.Sequential {
  const model = tf.sequential();
  model.add(layer);
  model.add(tf.layers.globalAveragePooling1d({}));
  model.add(tf.layers.dense({ units: 1 }));
  model.compile({ loss: 'meanSquaredError', optimizer: 'sgd' });
  return model;
}

const input = (): tf.Tensor3D => tf.randomNormal([8, 5, 16], 0, 1, 'float32', 3);
const output = (): tf.Tensor2D => tf.randomNormal([8, 1], 0, 1, 'float32', 4);

describe('a mechanism inside a layer of TensorFlow.js', () => {
  it("is trained by model.fit once its parameters are the layer's weights, all but those that change nothing", async () => {
    const layer = new SelfAttention({ inputShape: [5, 16] });
    const model = modelWith(layer);
    const before = Object.entries(layer.mechanism.parameters).map(([key, x]) => [key, x.dataSync().slice()] as const);
    await model.fit(input(), output(), { epochs: 2, verbose: 0 });
    const still = before.filter(([key, values]) =>
      layer.mechanism.parameters[key].dataSync().every((value, n) => value === values[n]),
    );
    // A bias of the keys moves all scores of a row alike: its gradient is 0 but for rounding.
    expect(still.map(([key]) => key).filter((key) => key !== 'key_bias')).toEqual([]);
    expect(layer.trainableWeights.map(({ shape }) => shape)).toEqual(
      before.map(([key]) => layer.mechanism.parameters[key].shape),
    );
    model.dispose();
  });

  it('takes part in saving and loading of weights', () => {
    const [a, b] = [new SelfAttention({ inputShape: [5, 16] }), new SelfAttention({ inputShape: [5, 16] })];
    const [from, to] = [modelWith(a), modelWith(b)];
    a.mechanism.parameters['query_kernel'].assign(tf.ones([16, 16]));
    to.setWeights(from.getWeights());
    expect([...b.mechanism.parameters['query_kernel'].dataSync()].every((value) => value === 1)).toBe(true);
    const x = input();
    expect([...(to.predict(x) as tf.Tensor).dataSync()]).toEqual([...(from.predict(x) as tf.Tensor).dataSync()]);
    from.dispose();
    to.dispose();
    expect(a.mechanism.parameters['query_kernel'].isDisposed).toBe(true);
  });

  it('without that, fit trains everything but the mechanism, and says nothing: why the README has the pattern', async () => {
    class Forgetful extends SelfAttention {
      override build(): void {
        this.built = true;
      }
    }
    const layer = new Forgetful({ inputShape: [5, 16] });
    const model = modelWith(layer);
    const before = layer.mechanism.parameters['value_kernel'].dataSync().slice();
    await model.fit(input(), output(), { epochs: 2, verbose: 0 });
    expect([...layer.mechanism.parameters['value_kernel'].dataSync()]).toEqual([...before]);
    layer.mechanism.dispose();
    model.dispose();
  });

  it("is the README's example", async () => {
    const [readme, example] = await Promise.all(
      ['../README.md', './self-attention-layer.ts'].map((path) => readFile(new URL(path, import.meta.url), 'utf8')),
    );
    expect(readme).toContain(`\`\`\`ts\n${example!.replace('export class', 'class').trim()}\n\`\`\``);
  });
});
