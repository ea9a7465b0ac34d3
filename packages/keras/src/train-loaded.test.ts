import '@tensorflow/tfjs';
import { cpu } from '@heed/backend-cpu';
import { wasm } from '@heed/backend-wasm';
import { selectBackend } from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';
import { loadLayersModel, type LayersModel } from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { LAYERS } from '../../../examples/keras/layers.js';
import { bytesOf } from '../test/vectors.js';
import { loadKeras, saveKeras, type KerasModel } from './index.js';

/** A model with causal attention twice, learned positions and dropout of none, that gives [B, T, 8]. */
const load = (): KerasModel => loadKeras(bytesOf('models/causal_decoder/model.keras'), { layers: LAYERS });

const tokens = (): tf.Tensor2D =>
  tf.tensor2d(
    [
      [1, 2, 3, 4],
      [4, 3, 2, 1],
      [2, 2, 0, 1],
    ],
    [3, 4],
    'int32',
  );

const numbersOf = (model: LayersModel): readonly number[] =>
  tf.tidy(() => [...(model.predict(tokens()) as tf.Tensor).dataSync()]);

async function train(model: KerasModel): Promise<number[]> {
  model.compile({ optimizer: tf.train.adam(0.01), loss: 'meanSquaredError' });
  const x = tokens();
  const y = tf.zeros([3, 4, model.outputs[0]!.shape.at(-1)!]);
  const { history } = await model.fit(x, y, { epochs: 8, batchSize: 3, shuffle: false, verbose: 0 });
  tf.dispose([x, y]);
  return history['loss'] as number[];
}

/** The model as TensorFlow.js gives it back from where it was saved, by way of a text, as in a file. */
async function savedAndLoaded(model: LayersModel): Promise<LayersModel> {
  let kept: tf.io.ModelArtifacts | undefined;
  await model.save(
    tf.io.withSaveHandler(async (artifacts) => {
      kept = artifacts;
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    }),
  );
  const modelTopology = JSON.parse(JSON.stringify(kept!.modelTopology)) as object;
  return loadLayersModel(tf.io.fromMemory({ ...kept!, modelTopology }));
}

describe.each([
  ['cpu', cpu],
  ['wasm', wasm],
])('a model of Keras, loaded, on %s', (_, backend) => {
  it('trains by model.fit, is saved and loaded in both formats with the same predictions, and leaves no tensors', async () => {
    await selectBackend(backend());
    for (const layer of Object.values(LAYERS)) tf.serialization.registerClass(layer as never);
    const before = tf.memory().numTensors;
    const model = load();
    const untrained = numbersOf(model);

    const losses = await train(model);
    expect(losses.at(-1)!).toBeLessThan(losses[0]! / 2);
    const trained = numbersOf(model);
    expect(trained).not.toEqual(untrained);
    const running = tf.memory().numTensors;
    numbersOf(model);
    expect(tf.memory().numTensors).toBe(running);

    const fromKeras = loadKeras(await saveKeras(model), { layers: LAYERS });
    expect(numbersOf(fromKeras)).toEqual(trained);
    fromKeras.dispose();

    const fromTensorFlow = await savedAndLoaded(model);
    expect(numbersOf(fromTensorFlow)).toEqual(trained);
    fromTensorFlow.dispose();

    model.optimizer.dispose();
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
