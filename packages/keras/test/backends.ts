import '@tensorflow/tfjs'; // registers the gradients of TensorFlow.js's own ops
import * as tf from '@tensorflow/tfjs';
import { cpu } from '@heed/backend-cpu';
import { wasm } from '@heed/backend-wasm';
import { composed, selectBackend, type AttentionBackend, type BackendFactory } from '@heed/core';
import { afterAll, beforeAll } from 'vitest';

/** Fallback and fused kernels; others run Keras's vectors by `heed conformance`. */
export const BACKENDS: readonly BackendFactory[] = [composed({ engine: 'cpu' }), cpu(), wasm()];

export function useBackend(factory: BackendFactory): void {
  let backend: AttentionBackend;
  beforeAll(async () => {
    backend = await selectBackend(factory);
  });
  afterAll(() => backend.dispose());
}

/** The model as it comes back from where it was saved, as JSON and bytes. */
export async function savedAndLoaded(model: tf.LayersModel): Promise<tf.LayersModel> {
  let kept: tf.io.ModelArtifacts | undefined;
  await model.save(
    tf.io.withSaveHandler(async (artifacts) => {
      kept = artifacts;
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    }),
  );
  const modelTopology = JSON.parse(JSON.stringify(kept!.modelTopology)) as object;
  return tf.loadLayersModel(tf.io.fromMemory({ ...kept!, modelTopology }));
}

/** Values of a tensor, which is freed. */
export async function valuesOf(tensor: tf.Tensor): Promise<number[]> {
  const values = [...(await tensor.data())];
  tensor.dispose();
  return values;
}

/** Reproducible numbers around 0. */
export const random = (shape: number[], seed: number): tf.Tensor => tf.randomNormal(shape, 0, 1, 'float32', seed);
