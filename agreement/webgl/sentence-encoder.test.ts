import { webgl } from '@heed/backend-webgl';
import { selectBackend } from '@heed/core';
import { createSentenceEncoder, describeSentence, readSentenceEncoder, similarity } from '@heed/sentence-encoder';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';

const SENTENCES = ['How old are you?', 'What is your age?', 'The violin is out of tune.'];
/** Address under which agreement/model-files.ts serves the package. */
const FOLDER = '/sentence-encoder/';

async function readFile(path: string): Promise<Uint8Array> {
  const response = await fetch(FOLDER + path);
  expect(response.ok).toBe(true);
  return new Uint8Array(await response.arrayBuffer());
}

it('gives a page the embeddings of the original graph', async () => {
  const files = await readSentenceEncoder(readFile);
  const backend = await selectBackend(webgl());
  const encoder = createSentenceEncoder(files);
  const embedded = encoder.embed(SENTENCES);
  const cosines = similarity(embedded);
  const got = await embedded.array();
  const [[, near, far]] = (await cosines.array()) as [number[]];
  expect(near! - far!).toBeGreaterThan(0.5);

  const { maps } = await describeSentence(encoder, SENTENCES[0]);
  for (const row of maps.flatMap(({ weights }) => weights)) {
    expect(Array.from(row).reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 4);
  }
  tf.dispose([embedded, cosines]);
  encoder.dispose();
  await backend.dispose();

  const sequences = await original(files.manifest, files.shards, encoder.tokenize);
  expect(Math.max(...got.flatMap((row, i) => row.map((x, j) => Math.abs(x - sequences[i][j]))))).toBeLessThan(1e-5);
});

/** Results of the published graph, run by TensorFlow.js on its cpu engine. */
async function original(
  manifest: Uint8Array,
  shards: readonly Uint8Array[],
  tokenize: (text: string) => { ids: Int32Array },
): Promise<number[][]> {
  await tf.setBackend('cpu');
  const { modelTopology, weightsManifest } = JSON.parse(new TextDecoder().decode(manifest)) as {
    modelTopology: object;
    weightsManifest: [{ weights: tf.io.WeightsManifestEntry[] }];
  };
  const weightData = await new Blob([...shards] as BlobPart[]).arrayBuffer();
  const graph = await loadGraphModel(
    tf.io.fromMemory({ modelTopology, weightSpecs: weightsManifest[0].weights, weightData }),
  );
  const ids = SENTENCES.map((sentence) => Array.from(tokenize(sentence).ids));
  const places = ids.flatMap((row, i) => row.map((_, j) => [i, j]));
  const result = (await graph.executeAsync({
    indices: tf.tensor2d(places, [places.length, 2], 'int32'),
    values: tf.tensor1d(ids.flat(), 'int32'),
  })) as tf.Tensor2D;
  return result.array();
}
