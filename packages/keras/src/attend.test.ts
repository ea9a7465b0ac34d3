import '@tensorflow/tfjs';
import { decodeSafetensors } from '@heed/formats';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { LAYERS } from '../../../examples/keras/layers.js';
import { bytesOf } from '../test/vectors.js';
import { loadKeras, type KerasModel } from './index.js';

beforeAll(async () => {
  await import('@tensorflow/tfjs-backend-cpu');
  await tf.setBackend('cpu');
});

const load = (name: string): KerasModel => loadKeras(bytesOf(`models/${name}/model.keras`), { layers: LAYERS });

/** The inputs that Keras was given. */
function inputsOf(name: string, { graph }: KerasModel): tf.Tensor[] {
  const { tensors } = decodeSafetensors(bytesOf(`models/${name}/io.safetensors`));
  return graph.spec.inputs.map(({ layer }) => {
    const { shape, data } = tensors[`input/${layer}`]!;
    return tf.tensor(Array.from(data), [...shape], graph.dtypeOf(layer) as 'float32');
  });
}

it.each([
  ['causal_decoder', ['multi_head_attention', 'multi_head_attention_1'], [3, 2, 7, 7]],
  ['nested_gru_mha', ['encoder/mha'], [3, 2, 5, 5]],
  ['custom_block', ['block_a/att', 'block_b/att'], [3, 2, 6, 6]],
  ['seq2seq_additive', ['attention'], [3, 1, 4, 6]],
  ['bahdanau_decoder', ['attention', 'attention_keyword'], [3, 1, 1, 6]],
])('%s tells what %j attended to, and its outputs stay what they are', (name, names, shape) => {
  const model = load(name);
  expect(model.attentionLayers).toEqual(names);
  const inputs = inputsOf(name, model);
  const { numTensors } = tf.memory();
  const { outputs, attention } = model.attend(inputs);
  expect(attention[0]!.weights.shape).toEqual(shape);
  expect(new Set(attention.map(({ layer }) => layer))).toEqual(new Set(names));
  for (const { weights } of attention) {
    const sums = tf.tidy(() => tf.sum(weights, -1).dataSync());
    for (const sum of sums) expect(sum).toBeCloseTo(1, 5);
  }
  const predicted = [model.predict(inputs) as tf.Tensor | tf.Tensor[]].flat();
  for (const [n, output] of outputs.entries()) expect(output.dataSync()).toEqual(predicted[n]!.dataSync());
  tf.dispose([outputs, predicted, attention.map(({ weights }) => weights)]);
  expect(tf.memory().numTensors).toBe(numTensors);
  tf.dispose(inputs);
  model.dispose();
});

it('counts the calls of a layer that is called twice', () => {
  const model = load('nested_gru_mha');
  const inputs = inputsOf('nested_gru_mha', model);
  const { outputs, attention } = model.attend(inputs);
  // Once for each of the two inputs of the model around it.
  expect(attention.map(({ layer, weights }) => [layer, weights.shape[2]])).toEqual([
    ['encoder/mha', 5],
    ['encoder/mha', 6],
  ]);
  tf.dispose([inputs, outputs, attention.map(({ weights }) => weights)]);
  model.dispose();
});
