import { beforeEach, expect, it } from 'vitest';
import { HeedError } from '@heed/core';
import { createRun, holdsRun, openRun, readRunInfo, resumeRun, type CreateRunOptions, type RunFolder } from '@heed/nn';
import { presets } from '../src/recurrent/presets.js';
import { NETWORKS, type KnownNetwork } from '../src/networks.js';
import { CPU, useEngine } from '../../nn/test/engines.js';
import { reversed, symbols, tinyConfig } from './models.js';

const example = (word: string) => ({ source: symbols(word), targets: [reversed(word)] });
const examples = { train: ['a', 'bc', 'abc', 'dab'].map(example), validation: ['ab'].map(example) };
const networks = NETWORKS;
const options: CreateRunOptions<KnownNetwork> = {
  networks,
  task: 'reverse',
  dataVersion: 'words@1',
  dataOptions: {},
  model: tinyConfig(),
  training: { ...presets.small.training, seed: 2, steps: 6, batchSize: 2 },
  examples,
};

/** A folder in memory, such as a browser might have. */
function memoryFolder(): RunFolder & { readonly files: Map<string, Uint8Array> } {
  const files = new Map<string, Uint8Array>();
  return {
    path: 'memory',
    files,
    make: async () => {},
    has: async (file) => files.has(file),
    async read(file) {
      const bytes = files.get(file);
      if (bytes === undefined) throw new HeedError('FILE_ACCESS', { message: `no ${file}` });
      return bytes;
    },
    write: async (file, bytes) => void files.set(file, bytes),
    remove: async (file) => void files.delete(file),
    removeLeftovers: async () => {},
  };
}

beforeEach(() => useEngine(CPU));

it('a run keeps itself in a folder of any kind, and goes on from there to the same bits', async () => {
  const [whole, stopped] = [memoryFolder(), memoryFolder()];
  expect(await holdsRun(stopped)).toBe(false);
  for (const [folder, maxSteps] of [
    [whole, 6],
    [stopped, 2],
  ] as const) {
    const run = await createRun(folder, options);
    await run.train({ maxSteps });
    run.dispose();
  }
  expect(await holdsRun(stopped)).toBe(true);
  expect((await readRunInfo(stopped, { networks })).progress.step).toBe(2);
  const resumed = await resumeRun(stopped, { networks, dataVersion: 'words@1', examples });
  await resumed.train();
  resumed.dispose();
  for (const file of ['training.safetensors', 'model.safetensors']) {
    expect(stopped.files.get(file)).toEqual(whole.files.get(file));
  }
  const { model, info } = await openRun(stopped, { networks });
  expect(info.progress.step).toBe(6);
  model.dispose();
});

it('JSON that is nested without end is a damaged checkpoint', async () => {
  const folder = memoryFolder();
  const run = await createRun(folder, options);
  await run.train({ maxSteps: 1 });
  run.dispose();
  const text = new TextDecoder().decode(folder.files.get('run.json'));
  const nested = text.replace(
    '"kind": "additive"',
    `"kind": "additive", "more": ${'['.repeat(50_000)}${']'.repeat(50_000)}`,
  );
  expect(nested.length).toBeGreaterThan(text.length);
  folder.files.set('run.json', new TextEncoder().encode(nested));
  await expect(openRun(folder, { networks })).rejects.toMatchObject({ code: 'CHECKPOINT_INVALID' });
  await expect(resumeRun(folder, { networks, dataVersion: 'words@1', examples })).rejects.toMatchObject({
    code: 'CHECKPOINT_INVALID',
  });
});
