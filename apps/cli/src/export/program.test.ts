import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { NETWORKS, type EncoderDecoder } from '@heed/networks';
import type { GraphTensors } from '@heed/nn';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { partOf } from './parts.js';
import { programFor, readingOf } from './program.js';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heed-program-'));
  await tf.setBackend('cpu');
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const common = { sourceSymbols: [...'abcd'], targetSymbols: [...'ABa'], seed: 5, dropout: 0, copying: true };

interface Tensor {
  readonly type: 'float32';
  readonly data: Float32Array;
  readonly dims: number[];
}

const transformer = {
  kind: 'transformer',
  width: 8,
  heads: 2,
  encoderLayers: 1,
  decoderLayers: 2,
  feedForwardWidth: 12,
  positions: 'sinusoidal',
  tiedEmbeddings: true,
};
const recurrent = {
  kind: 'recurrent',
  architecture: 'bahdanau',
  cell: 'gru',
  embeddingWidth: 5,
  encoderUnits: 4,
  encoderLayers: 1,
  bidirectional: true,
  decoderUnits: 6,
  attention: { kind: 'coverage', units: 7 },
  inputFeeding: false,
  output: 'maxout',
  outputUnits: 5,
};

/** Of the source's symbols, a is in the target vocabulary, others are beyond it, and z is in neither. */
test.each([
  { ...common, ...transformer },
  { ...common, ...recurrent },
])('the program of a $kind model copies as Heed does', async (config) => {
  const network = NETWORKS.find(({ kind }) => kind === config.kind)!;
  const model = network.create(network.parse(config) as never) as EncoderDecoder;
  for (const [n, variable] of Object.values(model.parameters).entries())
    tf.tidy(() => variable.assign(tf.randomUniform(variable.shape, -1.5, 1.5, 'float32', n + 1)));
  const graphs = model.graphs!();
  const own = await mkdtemp(join(folder, config.kind));
  const files = {
    ...(await programFor('pairs', readingOf('pairs')!)),
    'config.json': JSON.stringify({
      parts: Object.fromEntries(graphs.map((graph) => [graph.name, partOf(graph)])),
      longest: 64,
    }),
    'vocabulary.json': JSON.stringify({
      symbols: config.sourceSymbols,
      written: config.targetSymbols,
      copying: true,
      data: { sourceUnit: 'characters', targetUnit: 'characters' },
    }),
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(own, name), content);
  const { answer } = (await import(pathToFileURL(join(own, 'run.mjs')).href)) as {
    answer(
      text: string,
      run: (part: string, inputs: Record<string, Tensor>) => Promise<unknown>,
    ): Promise<{ readonly output: string }>;
  };
  const run = async (part: string, inputs: Record<string, Tensor>): Promise<Record<string, Tensor>> => {
    const given = Object.entries(inputs).map(([name, x]) => [name, tf.tensor(x.data, x.dims, x.type)] as const);
    const outputs = graphs.find(({ name }) => name === part)!.run(Object.fromEntries(given) as GraphTensors);
    return Object.fromEntries(
      Object.entries(outputs).map(([name, x]) => [
        name,
        { type: 'float32', data: x.dataSync<'float32'>(), dims: x.shape },
      ]),
    );
  };
  const texts = ['abcd', 'zb', 'dcza', 'aab', 'c'];
  const expected = (await model.greedy(texts.map((text) => [...text]))).map(({ output }) => output.join(''));
  const found: string[] = [];
  for (const text of texts) found.push((await answer(text, run)).output);
  expect(found).toEqual(expected);
  // Something is copied that the vocabulary lacks.
  expect(expected.join('')).toMatch(/[bcdz]/);
  model.dispose();
});
