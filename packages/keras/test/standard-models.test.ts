import { readFileSync } from 'node:fs';
import { decodeSafetensors } from '@heed/formats';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { loadKeras } from '../src/index.js';
import { BACKENDS, useBackend } from './backends.js';

const folder = new URL('../../../vectors/keras/standard/models/', import.meta.url);
const bytesOf = (path: string): Uint8Array => new Uint8Array(readFileSync(new URL(path, folder)));

const FILES = ['bi', 'image', 'mixed', 'ops', 'time'].flatMap((name) =>
  ['model.keras', 'model.h5'].map((file) => [name, file] as const),
);

describe.each(BACKENDS.map((factory) => [factory.name, factory] as const))(
  'models of many layers, on %s',
  (_, factory) => {
    useBackend(factory);

    it.each(FILES)("%s/%s gives Keras's numbers, every weight is trained, and nothing is left", (name, file) => {
      const { tensors } = decodeSafetensors(bytesOf(`${name}/io.safetensors`));
      const before = tf.memory().numTensors;
      const model = loadKeras(bytesOf(`${name}/${file}`));
      tf.tidy(() => {
        const [, given] = Object.entries(tensors).find(([key]) => key.startsWith('input/'))!;
        const x = tf.tensor(given.data as Float32Array, [...given.shape], given.dtype as 'float32');
        const outputs = [model.predict(x)].flat() as tf.Tensor[];
        for (const [n, output] of outputs.entries()) {
          const expected = tensors[`output/${n}`];
          expect(output.shape).toEqual(expected.shape);
          const found = output.dataSync();
          const errors = Array.from(
            expected.data as Float32Array,
            (value, at) => Math.abs(found[at] - value) / (1 + Math.abs(value)),
          );
          expect(Math.max(...errors)).toBeLessThan(1e-5);
        }
        const { grads } = tf.variableGrads(
          () =>
            tf.addN(
              [model.apply(x, { training: true })].flat().map((output) => tf.sum(tf.square(output as tf.Tensor))),
            ) as tf.Scalar,
        );
        expect(Object.keys(grads)).toHaveLength(model.trainableWeights.length);
        for (const gradient of Object.values(grads)) expect(Number.isFinite(tf.sum(gradient).dataSync()[0])).toBe(true);
      });
      model.dispose();
      expect(tf.memory().numTensors).toBe(before);
    });
  },
);
