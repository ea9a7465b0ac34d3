import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { glorotUniform } from '@heed/attention';
import { decodeSafetensors, encodeSafetensors } from '@heed/formats';
import { decodeModel, encodeModel } from '@heed/nn';
import { createRun, resumeRun } from '@heed/nn/node';
import { beforeAll, describe, expect, it } from 'vitest';
import { recurrent } from '../src/recurrent/kind.js';
import { presets } from '../src/recurrent/presets.js';
import { createSeq2Seq, type Seq2Seq } from '../src/recurrent/seq2seq.js';
import { CPU, useEngine } from '../../nn/test/engines.js';
import { reversed, symbols, tinyConfig } from './models.js';

const PAIRS = [{ source: ['a', 'b', 'a'], target: ['A', 'B'] }];
const attention = { kind: 'coverage', units: 7, bias: false } as const;
const present = tinyConfig({ attention, coverageLoss: 0.5 });
const former = { ...present, attention: { ...attention, kind: 'additive' }, coverage: true };

const lossOf = (model: Seq2Seq): number => tf.tidy(() => model.loss(PAIRS).dataSync<'float32'>()[0]);

describe('what was written before coverage was a mechanism', () => {
  beforeAll(() => useEngine(CPU));

  it('is a configuration of today', () => {
    expect(recurrent.parse(former)).toEqual(present);
    expect(Object.keys(recurrent.parse(former))).toEqual(Object.keys(present));
    const plain = tinyConfig();
    expect(recurrent.parse({ ...plain, coverage: false })).toEqual(plain);
    for (const wrong of [{ coverage: 1 }, { coverage: null }, { coverage: true, attention: { kind: 'general' } }]) {
      expect(() => recurrent.parse({ ...plain, ...wrong })).toThrow(
        expect.objectContaining({ code: 'CONFIG_INVALID' }),
      );
    }
  });

  it('starts from the same numbers', () => {
    const models = [present, former as never].map((config) => createSeq2Seq(config));
    const [a, b] = models.map((model) => Object.entries(model.parameters).map(([key, x]) => [key, x.dataSync()]));
    expect(a).toEqual(b);
    const kernel = models[0]!.parameters['attention/coverage_kernel'].dataSync();
    // What the model drew for its own kernel, whose key was the stream.
    expect(kernel).toEqual(glorotUniform([1, 7], { seed: present.seed, stream: 'coverage/kernel' }));
    for (const model of models) model.dispose();
  });

  it('is read from a file, whose parameter had another key', () => {
    const model = createSeq2Seq(present);
    const { tensors, metadata } = decodeSafetensors(encodeModel(model));
    const { 'attention/coverage_kernel': kernel, ...others } = tensors;
    const bytes = encodeSafetensors(
      { ...others, 'coverage/kernel': kernel! },
      { ...metadata, config: JSON.stringify(former) },
    );
    const read = decodeModel(bytes, { networks: [recurrent] });
    expect(read.config).toEqual(present);
    expect(Object.keys(read.parameters)).toEqual(Object.keys(model.parameters));
    expect(lossOf(read)).toBe(lossOf(model));
    const twice = encodeSafetensors({ ...others, 'coverage/kernel': kernel!, 'coverage/bias': kernel! }, metadata);
    expect(() => decodeModel(twice, { networks: [recurrent] })).toThrow(
      expect.objectContaining({ code: 'CHECKPOINT_INVALID' }),
    );
    read.dispose();
    model.dispose();
  });

  it('is a run that goes on to the same bits', async () => {
    const networks = [recurrent];
    const example = (word: string) => ({ source: symbols(word), targets: [reversed(word)] });
    const examples = { train: ['a', 'bc', 'abc', 'dab', 'cd'].map(example), validation: ['ab', 'dc'].map(example) };
    const training = { ...presets.small.training, seed: 2, steps: 8, batchSize: 2, warmupSteps: 2, evaluateEvery: 3 };
    const about = {
      networks,
      task: 'reverse',
      dataVersion: 'words@1',
      dataOptions: {},
      model: present,
      training,
      examples,
    };
    const root = await mkdtemp(join(tmpdir(), 'heed-former-'));
    const [whole, folder] = ['whole', 'resumed'].map((name) => join(root, name)) as [string, string];
    const first = await createRun(whole, about);
    await first.train();
    first.dispose();
    const begun = await createRun(folder, about);
    await begun.train({ maxSteps: 4 });
    begun.dispose();
    const file = (name: string): string => join(folder, name);
    for (const name of ['model.safetensors', 'training.safetensors']) {
      const { tensors, metadata } = decodeSafetensors(await readFile(file(name)));
      const renamed = Object.entries(tensors).map(([key, x]) => [
        key.replace('attention/coverage_kernel', 'coverage/kernel'),
        x,
      ]);
      expect(renamed.some(([key]) => String(key).endsWith('coverage/kernel'))).toBe(true);
      const config = JSON.stringify(former);
      await writeFile(file(name), encodeSafetensors(Object.fromEntries(renamed), { ...metadata, config }));
    }
    const info = JSON.parse(await readFile(file('run.json'), 'utf8')) as object;
    await writeFile(file('run.json'), JSON.stringify({ ...info, model: former }));
    const resumed = await resumeRun(folder, { networks, dataVersion: 'words@1', examples });
    await resumed.train();
    resumed.dispose();
    for (const name of ['model.safetensors', 'training.safetensors']) {
      expect((await readFile(file(name))).equals(await readFile(join(whole, name)))).toBe(true);
    }
    await rm(root, { recursive: true });
  });
});
