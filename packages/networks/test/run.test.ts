import { execFileSync, spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { HeedError } from '@heed/core';
import { decodeSafetensors, encodeSafetensors } from '@heed/formats';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSeq2Seq } from '../src/recurrent/seq2seq.js';
import { decodeModel, encodeModel } from '@heed/nn';
import { presets } from '../src/recurrent/presets.js';
import { NETWORKS, type KnownNetwork } from '../src/networks.js';
import { recurrent } from '../src/recurrent/kind.js';
import { createRun, openRun, readRunInfo, resumeRun, type CreateRunOptions } from '@heed/nn/node';
import { CPU, useEngine } from '../../nn/test/engines.js';
import { reversed, symbols, tinyConfig } from './models.js';

const FILES = ['model.safetensors', 'run.json', 'training.safetensors'];
const example = (word: string) => ({ source: symbols(word), targets: [reversed(word)] });
const examples = {
  train: ['a', 'bc', 'abc', 'dab', 'cd', 'ba', 'add', 'bcd', 'cab'].map(example),
  validation: ['ab', 'dc', 'bad'].map(example),
};
const networks = NETWORKS;
const options: CreateRunOptions<KnownNetwork> = {
  networks,
  task: 'reverse',
  dataVersion: 'words@1',
  dataOptions: { seed: 1, stress: false },
  model: tinyConfig({ dropout: 0.1 }),
  training: { ...presets.small.training, seed: 2, steps: 20, batchSize: 4, warmupSteps: 2, evaluateEvery: 6 },
  examples,
};
const resumeOptions = { networks, dataVersion: 'words@1', examples };

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'heed-run-'));
});
beforeEach(() => useEngine(CPU));
afterAll(() => rm(root, { recursive: true }));

let folders = 0;
const newFolder = (): string => join(root, `deep/${++folders}`);

/** A finished run, trained without an interruption. */
async function finished(): Promise<string> {
  const folder = newFolder();
  const run = await createRun(folder, options);
  await run.train();
  run.dispose();
  return folder;
}

const read = (folder: string, file: string): Promise<Buffer> => readFile(join(folder, file));

async function expectSameParameters(folder: string, whole: string): Promise<void> {
  for (const file of ['model.safetensors', 'training.safetensors']) {
    expect((await read(folder, file)).equals(await read(whole, file))).toBe(true);
  }
  const { progress } = await readRunInfo(folder, { networks });
  expect({ ...progress, seconds: 0 }).toEqual({ ...(await readRunInfo(whole, { networks })).progress, seconds: 0 });
}

async function resumeToEnd(folder: string): Promise<void> {
  const run = await resumeRun(folder, resumeOptions);
  await run.train();
  run.dispose();
}

describe('a run in a folder', () => {
  let whole: string;
  beforeAll(async () => {
    await useEngine(CPU);
    whole = await finished();
  });

  it.skipIf(process.platform === 'win32')('a pipe is no file, and nothing waits for it', async () => {
    const path = await mkdtemp(join(root, 'pipe-'));
    execFileSync('mkfifo', [join(path, 'run.json')]);
    await expect(openRun(path, { networks })).rejects.toMatchObject({ code: 'FILE_ACCESS', message: /not a file/ });
  });

  it('is three files, and says what it is', async () => {
    expect((await readdir(whole)).toSorted()).toEqual(FILES);
    const { examples: _, networks: __, ...description } = options;
    const info = await readRunInfo(whole, { networks });
    expect(info).toMatchObject({ formatVersion: 1, ...description, progress: { step: 20, steps: 20 } });
    expect(info.progress.evaluations.map(({ step }) => step)).toEqual([6, 12, 18, 20]);
    expect(info.progress.seconds).toBeGreaterThan(0);
  });

  it('opens with the parameters of its best evaluation', async () => {
    const { model, info } = await openRun(whole, { networks: [recurrent] });
    const training = decodeSafetensors(await read(whole, 'training.safetensors'));
    const isBestLast = info.progress.best!.step === 20;
    for (const [key, variable] of Object.entries(model.parameters)) {
      expect(variable.dataSync()).toEqual(training.tensors[`best/${key}`].data);
      if (isBestLast) expect(variable.dataSync()).toEqual(training.tensors[`parameters/${key}`].data);
    }
    expect(await model.greedy([['a']])).toHaveLength(1);
    model.dispose();
  });

  it('opens when what the model waits for is there, and not at all when that fails', async () => {
    let isReady = false;
    const ready = new Promise<void>((resolve) => {
      setTimeout(() => {
        isReady = true;
        resolve();
      }, 50);
    });
    const waiting = {
      ...recurrent,
      create: (...given: Parameters<typeof recurrent.create>) => {
        expect(isReady).toBe(true);
        return recurrent.create(...given);
      },
    };
    const { model } = await openRun(whole, { networks: [waiting], ready });
    expect(await model.greedy([['a']])).toHaveLength(1);
    model.dispose();

    const before = tf.memory().numTensors;
    const failing = Promise.reject(new Error('no backend'));
    await expect(openRun(whole, { networks, ready: failing })).rejects.toThrow('no backend');
    expect(tf.memory().numTensors).toBe(before);
  });

  it('ends with the same bits when it is interrupted and resumed', async () => {
    const folder = newFolder();
    let run = await createRun(folder, options);
    await run.train({ maxSteps: 5 });
    run.dispose();
    run = await resumeRun(folder, resumeOptions);
    const controller = new AbortController();
    const outcome = await run.train({
      signal: controller.signal,
      onProgress: ({ step }) => step === 13 && controller.abort(),
    });
    expect(outcome).toMatchObject({ reason: 'aborted', step: 13 });
    expect(run.info().progress.step).toBe(13);
    run.dispose();
    await resumeToEnd(folder);
    await expectSameParameters(folder, whole);
  });

  it('ends with the same bits when it is killed between any two files of a save', async () => {
    const before = newFolder();
    const after = newFolder();
    const run = await createRun(before, options);
    await run.train({ maxSteps: 6 }); // so that the next save has another best model
    await cp(before, after, { recursive: true });
    run.dispose();
    const next = await resumeRun(after, resumeOptions);
    await next.train({ maxSteps: 6 });
    next.dispose();
    // In the order of renaming.
    for (const renamed of [['training.safetensors'], ['training.safetensors', 'model.safetensors']]) {
      const folder = newFolder();
      await cp(before, folder, { recursive: true });
      for (const file of renamed) await cp(join(after, file), join(folder, file));
      const { model } = await openRun(folder, { networks });
      model.dispose();
      await resumeToEnd(folder);
      await expectSameParameters(folder, whole);
    }
  });

  it('ends with the same bits after SIGKILL, and nothing is left half-written', async () => {
    const folder = newFolder();
    (await createRun(folder, options)).dispose();
    for (let kill = 0; kill < 2; kill++) {
      const script = fileURLToPath(new URL('train-until-killed.mjs', import.meta.url));
      const child = spawn(process.execPath, [script, folder, JSON.stringify(examples)], {
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const errors: string[] = [];
      child.stderr.on('data', (chunk) => errors.push(String(chunk)));
      child.stdout.once('data', () => setTimeout(() => child.kill('SIGKILL'), 3 + 20 * kill));
      const [, signal] = await once(child, 'exit');
      expect([signal, errors.join('')]).toEqual(['SIGKILL', expect.not.stringContaining('Error')]);
    }
    await resumeToEnd(folder);
    await expectSameParameters(folder, whole);
    expect((await readdir(folder)).toSorted()).toEqual(FILES);
  });

  it('goes on to another length when asked', async () => {
    const folder = newFolder();
    await cp(whole, folder, { recursive: true });
    const run = await resumeRun(folder, { ...resumeOptions, steps: 23 });
    expect(await run.train()).toMatchObject({ reason: 'finished', step: 23 });
    run.dispose();
    expect((await readRunInfo(folder, { networks })).training.steps).toBe(23);
  });

  it('is not overwritten unless asked', async () => {
    const folder = newFolder();
    await cp(whole, folder, { recursive: true });
    await expect(createRun(folder, options)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: /holds a run/,
    });
    expect((await read(folder, 'model.safetensors')).equals(await read(whole, 'model.safetensors'))).toBe(true);
    (await createRun(folder, { ...options, overwrite: true })).dispose();
    expect((await readRunInfo(folder, { networks })).progress.step).toBe(0);
  });

  it('goes on with its own data only', async () => {
    const before = tf.memory().numTensors;
    await expect(resumeRun(whole, { ...resumeOptions, dataVersion: 'words@2' })).rejects.toMatchObject({
      code: 'CHECKPOINT_INVALID',
      message: /words@1, not words@2/,
    });
    expect(tf.memory().numTensors).toBe(before);
  });

  it('says what is wrong with a folder', async () => {
    const before = tf.memory().numTensors;
    const occupied = join(root, 'a-file');
    await writeFile(occupied, '');
    await expect(createRun(join(occupied, 'run'), options)).rejects.toMatchObject({ code: 'FILE_ACCESS' });
    await expect(readRunInfo(newFolder(), { networks })).rejects.toMatchObject({
      code: 'FILE_ACCESS',
      message: /run\.json/,
    });
    await expect(openRun(newFolder(), { networks })).rejects.toMatchObject({ code: 'FILE_ACCESS' });
    await expect(resumeRun(newFolder(), resumeOptions)).rejects.toMatchObject({ code: 'FILE_ACCESS' });
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses a description that is wrong, before it makes the folder', async () => {
    const folder = newFolder();
    const wrong = { ...options, training: { ...options.training, steps: -1 } };
    await expect(createRun(folder, wrong)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: /training\.steps/,
    });
    const empty = { ...options, examples: { train: [], validation: [] } };
    await expect(createRun(folder, empty)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    await expect(readdir(folder)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  describe('that was tampered with', () => {
    /** A copy with one file changed. */
    async function tampered(file: string, change: (bytes: Buffer) => Uint8Array | string): Promise<string> {
      const folder = newFolder();
      await cp(whole, folder, { recursive: true });
      await writeFile(join(folder, file), change(await read(folder, file)));
      return folder;
    }
    const json = (change: (info: Record<string, never>) => unknown) => (bytes: Buffer) =>
      JSON.stringify(change(JSON.parse(String(bytes)) as Record<string, never>));
    const tensors =
      (change: (file: { tensors: Record<string, never>; metadata: Record<string, string> }) => void) =>
      (bytes: Buffer) => {
        const file = decodeSafetensors(bytes);
        const copy = { tensors: { ...file.tensors } as Record<string, never>, metadata: { ...file.metadata } };
        change(copy);
        return encodeSafetensors(copy.tensors, copy.metadata);
      };
    const float32 = (shape: number[], fill: number) =>
      ({ dtype: 'float32', shape, data: new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(fill) }) as never;
    const hugeConfig = {
      ...options.model,
      decoderUnits: 4096,
      encoderUnits: 4096,
      outputUnits: 4096,
      embeddingWidth: 4096,
    };

    it.each<[string, string, (bytes: Buffer) => Uint8Array | string, string, RegExp]>([
      ['empty', 'run.json', () => '', 'CHECKPOINT_INVALID', /not JSON/],
      ['not UTF-8', 'run.json', () => Buffer.of(0xff, 0xfe), 'CHECKPOINT_INVALID', /not JSON/],
      ['an array', 'run.json', () => '[]', 'CHECKPOINT_INVALID', /wrong/],
      [
        'of a later format',
        'run.json',
        json((info) => ({ ...info, formatVersion: 2 })),
        'CHECKPOINT_INVALID',
        /formatVersion/,
      ],
      ['with an extra key', 'run.json', json((info) => ({ ...info, surprise: 1 })), 'CHECKPOINT_INVALID', /surprise/],
      [
        'with an impossible width',
        'run.json',
        json((info) => ({ ...info, model: { ...(info['model'] as object), decoderUnits: 1e9 } })),
        'CHECKPOINT_INVALID',
        /decoderUnits/,
      ],
      [
        'of another model',
        'run.json',
        json((info) => ({ ...info, model: { ...(info['model'] as object), seed: 9 } })),
        'CHECKPOINT_INVALID',
        /different models/,
      ],
      [
        'too large',
        'run.json',
        (bytes) => Buffer.concat([bytes, Buffer.alloc(2 ** 24, ' ')]),
        'FILE_TOO_LARGE',
        /limit/,
      ],
      ['truncated', 'model.safetensors', (bytes) => bytes.subarray(0, bytes.length - 1), 'FILE_INVALID', /safetensors/],
      ['empty', 'model.safetensors', () => '', 'FILE_INVALID', /safetensors/],
      [
        'without metadata',
        'model.safetensors',
        tensors((file) => (file.metadata = {})),
        'CHECKPOINT_INVALID',
        /says that it is/,
      ],
      [
        'with a broken configuration',
        'model.safetensors',
        tensors((file) => (file.metadata['config'] = '{')),
        'CHECKPOINT_INVALID',
        /not JSON/,
      ],
      [
        'with a hostile configuration',
        'model.safetensors',
        tensors((file) => (file.metadata['config'] = JSON.stringify(hugeConfig))),
        'SHAPE_MISMATCH',
        /encoder\/embedding/,
      ],
      [
        'without a parameter',
        'model.safetensors',
        tensors((file) => delete file.tensors['output/bias']),
        'CHECKPOINT_INVALID',
        /output\/bias.*missing/,
      ],
      [
        'without one of the attention',
        'model.safetensors',
        tensors((file) => delete file.tensors['attention/vector']),
        'CHECKPOINT_INVALID',
        /vector/,
      ],
      [
        'with one too many',
        'model.safetensors',
        tensors((file) => (file.tensors['constructor'] = float32([1], 0))),
        'CHECKPOINT_INVALID',
        /constructor/,
      ],
      [
        'with a wrong shape',
        'model.safetensors',
        tensors((file) => (file.tensors['output/bias'] = float32([4], 0))),
        'SHAPE_MISMATCH',
        /output\/bias/,
      ],
      [
        'with NaN',
        'model.safetensors',
        tensors((file) => (file.tensors['output/bias'] = float32([5], Number.NaN))),
        'NOT_FINITE',
        /output\/bias/,
      ],
      [
        'with ∞ in the attention',
        'model.safetensors',
        tensors((file) => (file.tensors['attention/bias'] = float32([7], Infinity))),
        'NOT_FINITE',
        /bias/,
      ],
      [
        'of another dtype',
        'model.safetensors',
        tensors(
          (file) => (file.tensors['output/bias'] = { dtype: 'int32', shape: [5], data: new Int32Array(5) } as never),
        ),
        'CHECKPOINT_INVALID',
        /int32/,
      ],
    ])('%s: %s', async (_, file, change, code, message) => {
      const folder = await tampered(file, change);
      const before = tf.memory().numTensors;
      await expect(openRun(folder, { networks })).rejects.toMatchObject({
        code,
        message: expect.stringMatching(message),
      });
      expect(tf.memory().numTensors).toBe(before);
    });

    it.each<[string, (bytes: Buffer) => Uint8Array | string, string, RegExp]>([
      ['truncated', (bytes) => bytes.subarray(0, 1000), 'FILE_INVALID', /safetensors/],
      ['a model', () => '', 'FILE_INVALID', /safetensors/],
      ['without counters', tensors((file) => delete file.metadata['counters']), 'CHECKPOINT_INVALID', /counters/],
      [
        'with a negative step',
        tensors((file) => (file.metadata['counters'] = file.metadata['counters'].replace('"step":20', '"step":-1'))),
        'CHECKPOINT_INVALID',
        /step/,
      ],
      [
        'without a slot',
        tensors((file) => delete file.tensors['mean/output/bias']),
        'CHECKPOINT_INVALID',
        /output\/bias/,
      ],
      [
        'with a slot too many',
        tensors((file) => (file.tensors['mean/other'] = float32([1], 0))),
        'CHECKPOINT_INVALID',
        /other/,
      ],
      [
        'with a tensor of no group',
        tensors((file) => (file.tensors['other'] = float32([1], 0))),
        'CHECKPOINT_INVALID',
        /other/,
      ],
      [
        'with a negative mean square',
        tensors((file) => (file.tensors['square/output/bias'] = float32([5], -1))),
        'CHECKPOINT_INVALID',
        /negative/,
      ],
      [
        'with NaN in a slot',
        tensors((file) => (file.tensors['square/output/bias'] = float32([5], Number.NaN))),
        'NOT_FINITE',
        /output\/bias/,
      ],
      [
        'of a wrong shape',
        tensors((file) => (file.tensors['best/output/bias'] = float32([1, 5], 0))),
        'SHAPE_MISMATCH',
        /output\/bias/,
      ],
    ])('training.safetensors: %s', async (_, change, code, message) => {
      const folder = await tampered('training.safetensors', change);
      const before = tf.memory().numTensors;
      await expect(resumeRun(folder, resumeOptions)).rejects.toMatchObject({
        code,
        message: expect.stringMatching(message),
      });
      expect(tf.memory().numTensors).toBe(before);
    });

    it('anywhere: a clear error, or something that still makes sense', async () => {
      const originals = new Map(await Promise.all(FILES.map(async (file) => [file, await read(whole, file)] as const)));
      const folder = newFolder();
      await cp(whole, folder, { recursive: true });
      const before = tf.memory().numTensors;
      const property = fc.asyncProperty(
        fc.constantFrom(...FILES),
        fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 0, max: 255 })), {
          minLength: 1,
          maxLength: 4,
        }),
        fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
        async (file, changes, cut) => {
          const bytes = Buffer.from(originals.get(file)!);
          // Squared, for the interesting bytes are at the beginning.
          for (const [at, value] of changes) bytes[Math.floor(at ** 2 * (bytes.length - 1))] = value;
          await writeFile(join(folder, file), cut === null ? bytes : bytes.subarray(0, Math.floor(cut * bytes.length)));
          for (const attempt of [
            () => openRun(folder, { networks }),
            async () => ({ model: await resumeRun(folder, resumeOptions) }),
          ]) {
            try {
              (await attempt()).model.dispose();
            } catch (error) {
              expect(HeedError.isInstance(error), String(error)).toBe(true);
            }
          }
          await writeFile(join(folder, file), originals.get(file)!);
          expect(tf.memory().numTensors).toBe(before);
        },
      );
      await fc.assert(property, { numRuns: 150 });
    });

    it('with a prototype: nothing is polluted', async () => {
      const poison = (bytes: Buffer): string =>
        String(bytes)
          .replace('"task"', '"__proto__": {"polluted": true}, "task"')
          .replace('"stress"', '"__proto__": 1, "stress"');
      const folder = await tampered('run.json', poison);
      await readRunInfo(folder, { networks }).catch((error: unknown) => expect(HeedError.isInstance(error)).toBe(true));
      expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    });
  });
});

describe('a model file', () => {
  it('gives the same model and the same bytes again', async () => {
    const model = createSeq2Seq(tinyConfig());
    const bytes = encodeModel(model);
    const copy = decodeModel(bytes, { networks: [recurrent] });
    expect(copy.config).toEqual(model.config);
    expect(Object.keys(copy.parameters)).toEqual(Object.keys(model.parameters));
    expect(encodeModel(copy)).toEqual(bytes);
    expect(await copy.beam([symbols('abca')])).toEqual(await model.beam([symbols('abca')]));
    model.dispose();
    copy.dispose();
  });

  it('is refused when it is larger than allowed', () => {
    const model = createSeq2Seq(tinyConfig());
    const bytes = encodeModel(model);
    model.dispose();
    expect(() => decodeModel(bytes, { networks, maxBytes: 1000 })).toThrow(
      expect.objectContaining({ code: 'FILE_TOO_LARGE' }),
    );
  });
});
