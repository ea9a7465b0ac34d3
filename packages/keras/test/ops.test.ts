import { readFileSync } from 'node:fs';
import { decodeSafetensors, type Tensors } from '@heed/formats';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { loadKeras, type KerasModel } from '../src/index.js';
import { BACKENDS, useBackend } from './backends.js';

const folder = new URL('../../../vectors/keras/ops/', import.meta.url);
const bytesOf = (path: string): Uint8Array => new Uint8Array(readFileSync(new URL(path, folder)));

const MODELS = [
  'activations',
  'arithmetic',
  'former',
  'normalizations',
  'orders',
  'places',
  'preparing',
  'products',
  'questions',
  'reductions',
  'shapes',
  'windows',
];

const NEAR = 1e-5;

/** Arrays of a model by what they are and by their names: of the inputs, outputs, cotangents and gradients. */
function arraysOf(tensors: Tensors, what: string): Map<string, tf.Tensor> {
  return new Map(
    Object.entries(tensors)
      .filter(([key]) => key.startsWith(`${what}/`))
      .map(([key, { data, shape, dtype }]) => [
        key.slice(what.length + 1),
        tf.tensor(data as Float32Array, [...shape], dtype as 'float32'),
      ]),
  );
}

function expectNear(found: tf.Tensor, expected: tf.Tensor, what: string): void {
  expect([what, found.shape]).toEqual([what, expected.shape]);
  const wanted = expected.dataSync();
  const wrong = Array.from(found.dataSync()).flatMap((value, n) => {
    const isNear = Object.is(value, wanted[n]!) || Math.abs(value - wanted[n]!) <= NEAR * (1 + Math.abs(wanted[n]!));
    return isNear ? [] : [{ at: n, value, wanted: wanted[n] }];
  });
  expect({ what, wrong }).toEqual({ what, wrong: [] });
}

const outputsOf = (model: KerasModel, inputs: readonly tf.Tensor[]): tf.Tensor[] =>
  [model.apply(inputs.length === 1 ? inputs[0]! : [...inputs])].flat() as tf.Tensor[];

describe.each(BACKENDS.map((factory) => [factory.name, factory] as const))(
  "ops of Keras's files, on %s",
  (_, factory) => {
    useBackend(factory);

    it.each(MODELS)('%s: the numbers and gradients of Keras, and nothing is left', (name) => {
      const before = tf.memory().numTensors;
      const model = loadKeras(bytesOf(`${name}/model.keras`));
      tf.tidy(() => {
        const { tensors } = decodeSafetensors(bytesOf(`${name}/io.safetensors`));
        const inputs = arraysOf(tensors, 'input');
        const names = model.inputNames.map((one) => String(one));
        const given = names.map((one) => inputs.get(one)!);
        const expected = arraysOf(tensors, 'output');
        const outputs = outputsOf(model, given);
        expect(outputs).toHaveLength(expected.size);
        for (const [n, output] of outputs.entries()) expectNear(output, expected.get(String(n))!, `output ${n}`);

        const cotangents = arraysOf(tensors, 'cotangent');
        const gradients = arraysOf(tensors, 'gradient');
        const trained = [...gradients.keys()];
        const total = (...of: tf.Tensor[]): tf.Scalar => {
          const all = names.map((one) => of[trained.indexOf(one)] ?? inputs.get(one)!);
          const parts = outputsOf(model, all).flatMap((output, n) => {
            const cotangent = cotangents.get(String(n));
            return cotangent === undefined ? [] : [tf.sum(tf.mul(output, cotangent))];
          });
          return tf.addN(parts) as tf.Scalar;
        };
        const found = tf.grads(total)(trained.map((one) => inputs.get(one)!));
        for (const [n, gradient] of found.entries()) {
          expectNear(gradient, gradients.get(trained[n]!)!, `gradient of ${trained[n]}`);
        }
      });
      model.dispose();
      expect(tf.memory().numTensors).toBe(before);
    });
  },
);
