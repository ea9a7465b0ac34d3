import '@tensorflow/tfjs';
import { unzipSync } from 'fflate';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { LAYERS } from '../../../examples/keras/layers.js';
import { bytesOf, filesOf } from '../test/vectors.js';
import { readHdf5, type Hdf5Group } from './files/hdf5/read-hdf5.js';
import { HeedError } from '@heed/base';
import { loadKeras } from './load-keras.js';
import { saveKeras } from './save-keras.js';

/** All datasets of a file's layers by their paths, as bits; those of an optimizer aside. */
function bitsOf(keras: Uint8Array): Map<string, { readonly shape: readonly number[]; readonly bits: Uint32Array }> {
  const found: ReturnType<typeof bitsOf> = new Map();
  const visit = ({ groups, datasets }: Hdf5Group): void => {
    for (const { path, shape, values } of datasets.values())
      found.set(path, { shape, bits: new Uint32Array(values().buffer) });
    for (const group of groups.values()) visit(group);
  };
  visit(readHdf5('model.weights.h5', unzipSync(keras)['model.weights.h5']!, 2 ** 30).groups.get('layers')!);
  return found;
}

describe('saveKeras', () => {
  beforeAll(() => tf.setBackend('cpu'));

  it.each(filesOf('.keras'))(
    'writes %s with the same configuration, and the same weights to the bit in the same places',
    async (path) => {
      const original = bytesOf(path);
      const model = loadKeras(original, { layers: LAYERS });
      const saved = await saveKeras(model);
      expect(bitsOf(saved)).toEqual(bitsOf(original));
      const configOf = (bytes: Uint8Array): unknown =>
        JSON.parse(new TextDecoder().decode(unzipSync(bytes)['config.json']));
      expect(configOf(saved)).toEqual({ ...(configOf(original) as object), compile_config: null });
      expect(await saveKeras(model)).toEqual(saved);
      model.dispose();
    },
  );

  it.each(filesOf('model.h5').filter((path) => path.endsWith('/model.h5')))(
    'writes the model of %s, whose configuration is another, so that it is the same model',
    async (path) => {
      const model = loadKeras(bytesOf(path), { layers: LAYERS });
      const again = loadKeras(await saveKeras(model), { layers: LAYERS });
      const [before, after] = [model, again].map(({ weights }) =>
        weights.map((weight) => [...weight.read().dataSync()]),
      );
      expect(after).toEqual(before);
      expect(again.graph.spec.layers.map(({ name, calls }) => ({ name, calls }))).toEqual(
        model.graph.spec.layers.map(({ name, calls }) => ({ name, calls })),
      );
      const inputs = model.graphLayer.inputShapes.map((shape, n) =>
        tf.ones(
          shape.map((length) => length ?? 3),
          model.graph.dtypeOf(model.inputNames[n]!),
        ),
      );
      const numbers = [model, again].map((one) =>
        [one.predict(inputs.length === 1 ? inputs[0]! : inputs)].flat().map((y) => y.dataSync()),
      );
      expect(numbers[1]).toEqual(numbers[0]);
      model.dispose();
      again.dispose();
    },
  );

  it('refuses what Keras 3 has no layer for', async () => {
    const model = loadKeras(bytesOf('strangers/soham29640__attention_model/attention_model.h5'), { layers: LAYERS });
    await expect(saveKeras(model)).rejects.toThrow(HeedError);
    await expect(saveKeras(model)).rejects.toThrow(/tf.nn.softmax is an op of Keras 2/);
    model.dispose();
  });
});
