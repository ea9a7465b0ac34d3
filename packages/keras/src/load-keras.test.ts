import '@tensorflow/tfjs';
import { existsSync, readFileSync } from 'node:fs';
import { cpu } from '@heed/backend-cpu';
import { wasm } from '@heed/backend-wasm';
import { selectBackend } from '@heed/core';
import { decodeSafetensors, type NumericArray } from '@heed/formats';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { LAYERS } from '../../../examples/keras/layers.js';
import { bytesOf, KERAS, MODELS } from '../test/vectors.js';
import type { KerasModel } from './index.js';
import { Hdf5File } from './files/hdf5-file.js';
import { loadKeras } from './load-keras.js';
import type { KerasSource } from './files/read-model.js';

const BOUND = 1e-5;

const tensorOf = ({ dtype, shape, data }: NumericArray): Tensor =>
  tf.tensor(
    Array.from(data as ArrayLike<number | bigint>, Number),
    [...shape],
    dtype === 'bool' ? 'bool' : dtype.startsWith('float') ? 'float32' : 'int32',
  );

/** The largest difference, relative to the largest number. */
function errorOf(actual: Tensor, expected: NumericArray): number {
  expect(actual.shape).toEqual(expected.shape);
  const wanted = Array.from(expected.data as ArrayLike<number | bigint>, Number);
  const largest = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const numbers = [...actual.dataSync()];
  return numbers.reduce((most, value, n) => Math.max(most, Math.abs(value - wanted[n]!) / (largest || 1)), 0);
}

/** The `model.json` and two shards that the converter of TensorFlow.js makes of a `.h5` file: weights layer by layer, by their names. */
function shardsOf(h5: Uint8Array): KerasSource {
  const file = new Hdf5File(h5, 2 ** 30);
  // An attribute of no texts is one of no strings, which h5py writes as numbers.
  const textsOf = (path: string, name: string) => (file.attribute(path, name) ?? []) as readonly string[];
  const stored = textsOf('model_weights', 'layer_names').flatMap((layer) =>
    textsOf(`model_weights/${layer}`, 'weight_names').map((name) => ({
      name,
      weight: file.weight(`model_weights/${layer}/${name}`),
    })),
  );
  const weights = stored.map(({ name, weight: { shape } }) => ({ name, shape, dtype: 'float32' }));
  const bytes = Buffer.concat(stored.map(({ weight: { values } }) => Buffer.from(values.buffer)));
  const half = Math.floor(bytes.length / 2);
  const paths = ['group1-shard1of2.bin', 'group1-shard2of2.bin'];
  const model = {
    format: 'layers-model',
    modelTopology: { model_config: JSON.parse(file.attribute('', 'model_config') as string) as object },
    weightsManifest: [{ paths, weights }],
  };
  return {
    'model.json': new TextEncoder().encode(JSON.stringify(model)),
    [paths[0]!]: bytes.subarray(0, half),
    [paths[1]!]: bytes.subarray(half),
  };
}

/** Files of a folder that are a model, each with what belongs to it. */
function sourcesOf(folder: string): [name: string, source: KerasSource][] {
  const info = JSON.parse(readFileSync(`${KERAS}/${folder}/info.json`, 'utf8')) as { readonly file?: string };
  if (info.file !== undefined) {
    const name = info.file.split('/').at(-1)!;
    return [[name, bytesOf(`${folder}/${name}`)]];
  }
  const read = (name: string) => bytesOf(`${folder}/${name}`);
  return [
    ['model.keras', read('model.keras')],
    ['model.h5', read('model.h5')],
    ['shards', shardsOf(read('model.h5'))],
    ['model.weights.h5', { 'model.json': read('model.json'), 'model.weights.h5': read('model.weights.h5') }],
  ];
}

type Numbers = Readonly<Record<string, NumericArray>>;

const numbersOf = (path: string): Numbers =>
  existsSync(`${KERAS}/${path}`) ? decodeSafetensors(bytesOf(path)).tensors : {};

/** Inputs of a folder for a model, and what Keras computed of them: in float32, where a model of mixed precision has both. */
function examplesOf(
  model: KerasModel,
  folder: string,
): { readonly inputs: Tensor[]; readonly expected: NumericArray[] } {
  const io = Object.assign(
    {},
    ...['io', 'input', 'output'].map((name) => numbersOf(`${folder}/${name}.safetensors`)),
  ) as Numbers;
  return {
    inputs: model.inputNames.map((name, n) => tensorOf(io[`input/${name}`] ?? io[`input/${n}`]!)),
    expected: model.outputs.map((_, n) => io[`output_f32/${n}`] ?? io[`output/${n}`]!),
  };
}

const predict = (model: KerasModel, inputs: Tensor[]): Tensor[] =>
  [model.predict(inputs.length === 1 ? inputs[0]! : inputs)].flat();

describe.each([
  ['cpu', cpu],
  ['wasm', wasm],
])('on %s', (_, backend) => {
  beforeAll(() => selectBackend(backend()));

  describe.each(MODELS)('%s', (folder) => {
    it.each(sourcesOf(folder))(`%s gives Keras's numbers within ${BOUND}, and leaves no tensors`, (_, source) => {
      const before = tf.memory().numTensors;
      tf.tidy(() => {
        const model = loadKeras(source, { layers: LAYERS });
        const { inputs, expected } = examplesOf(model, folder);
        const actual = predict(model, inputs);
        expect(actual).toHaveLength(expected.length);
        for (const [n, output] of actual.entries()) expect(errorOf(output, expected[n]!)).toBeLessThan(BOUND);
        model.dispose();
      });
      expect(tf.memory().numTensors).toBe(before);
    });
  });
});

/** Bound of what layers give on the way of a model of mixed precision, which Keras computed in float16 and this package in float32. */
const HALF_BOUND = 2e-3;

describe.each(MODELS.filter((folder) => existsSync(`${KERAS}/${folder}/trace.safetensors`)))(
  'layer by layer, %s',
  (folder) => {
    it("gives Keras's outputs and masks", async () => {
      await selectBackend(cpu());
      const bound = folder.includes('float16') ? HALF_BOUND : BOUND;
      const trace = numbersOf(`${folder}/trace.safetensors`);
      const model = loadKeras(bytesOf(`${folder}/model.keras`), { layers: LAYERS });
      const { inputs } = examplesOf(model, folder);
      const calls = new Map<string, number>();
      const checked: string[] = [];
      model.graphLayer.watcher = ({ path, outputs, masks }) => {
        if (path.length > 1) return;
        const [layer] = path;
        // The trace counts calls as they were made.
        const call = calls.get(layer!) ?? 0;
        calls.set(layer!, call + 1);
        for (const [n, output] of outputs.entries()) {
          const [key, mask] = [`out/${layer}/${call}/${n}`, `mask/${layer}/${call}/${n}`];
          if (trace[key] === undefined) continue;
          expect(errorOf(output, trace[key]), key).toBeLessThan(bound);
          expect(masks[n] === null, mask).toBe(trace[mask] === undefined);
          if (masks[n]) expect([...masks[n].dataSync()], mask).toEqual([...trace[mask]!.data]);
          checked.push(key);
        }
      };
      predict(model, inputs);
      const models = new Set(
        model.graph.members.filter(({ graph }) => graph !== undefined).map(({ spec }) => spec.name),
      );
      const wanted = Object.keys(trace).filter((key) => key.startsWith('out/') && !models.has(key.split('/')[1]!));
      expect(checked.toSorted()).toEqual(wanted.toSorted());
      model.dispose();
    });
  },
);
