import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { percentOf } from '@heed/metrics';
import { models } from '@heed/models/files';
import { NETWORKS } from '@heed/networks';
import { decodeModel } from '@heed/nn';
import { tasks } from '@heed/tasks';
import '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { events, heed, type Outcome } from './heed.js';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heed-export-'));
  // As npm install would put it beside the folders.
  const runtime = dirname(dirname(createRequire(import.meta.url).resolve('onnxruntime-node')));
  await mkdir(join(folder, 'node_modules'));
  await symlink(runtime, join(folder, 'node_modules', 'onnxruntime-node'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const exportTo = (out: string, run: string, ...more: string[]): Promise<Outcome> =>
  heed(['export', run, '--out', join(folder, out), '--json', ...more]);

/** What the program of a folder prints. */
async function answers(out: string, ...texts: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [join(folder, out, 'run.mjs'), ...texts]);
  return stdout;
}

/** The same of what Heed answers, with how sure it is. */
async function answersOfHeed(run: string, ...texts: string[]): Promise<string> {
  const results = events(await heed(['run', run, ...texts, '--json'])).filter(({ event }) => event === 'result');
  const lines = results.map(({ input, output, confidence }) =>
    [input, output, ...(typeof confidence === 'number' ? [percentOf(confidence)] : [])].join('  '),
  );
  return lines.map((line) => `${line}\n`).join('');
}

/** Shipped models that read texts, and so have a program that does. */
const OF_TEXTS = Object.keys(models).filter((name) => tasks[name]!.pictures === undefined);

describe.each(OF_TEXTS)('the model of %s', (name) => {
  test('runs with ONNX Runtime alone, and answers as Heed does', async () => {
    const exported = await exportTo(name, name, '--check', '3', '--longest', '256');
    expect(exported).toMatchObject({ code: 0 });
    const [written, checked] = events(exported);
    expect(written).toMatchObject({ event: 'exported', files: expect.arrayContaining(['run.mjs', 'README.md']) });
    expect(checked).toMatchObject({ event: 'checked', texts: 3, others: [], agrees: true });
    expect(checked!['worst']).toBeLessThan(1e-4);
    const { example } = tasks[name]!;
    const [line] = example.split('\n');
    const answered = await answersOfHeed(name, example);
    expect(await answers(name, example)).toBe(
      answered.replace(example, line === example ? line : `${line} … (3 lines)`),
    );
  });
});

describe('runs of own data', () => {
  const rows = Array.from({ length: 120 }, (_, n) => {
    const word = Array.from({ length: 3 + (n % 3) }, (_, at) => 'abcdefgh'[(n * 7 + at * 3) % 8]).join('');
    return { word, reversed: [...word].toReversed().join(' '), label: n % 2 === 0 ? 'even' : 'odd' };
  });
  const train = (kind: string, run: string, ...more: string[]): Promise<Outcome> =>
    heed(['train', kind, '--out', run, '--steps', '3', '--batch-size', '4', '--json', ...more]);

  test.each([
    ['pairs', rows.map(({ word, reversed }) => `${word}\t${reversed}\n`).join(''), ['--preset', 'small'], 'abc'],
    [
      'labels',
      rows.map(({ word, label }) => `${word} ${word}. Then ${word}.\t${label}\n`).join(''),
      [],
      'abc abc. So.',
    ],
    [
      'text',
      rows.map(({ word, reversed }) => `${word} is ${reversed}.\n`).join('\n'),
      ['--preset', 'lstmAttention'],
      'a',
    ],
    ['text', rows.map(({ word, reversed }) => `${word} is ${reversed}.\n`).join('\n'), [], 'abc'],
  ])('%s', async (kind, data, flags, text) => {
    const own = await mkdtemp(join(folder, kind));
    const file = join(own, `data.${kind === 'text' ? 'txt' : 'tsv'}`);
    await writeFile(file, data);
    const run = join(own, 'run');
    expect(await train(kind, run, '--data', file, ...flags)).toMatchObject({ code: 0 });
    const out = join(basename(own), 'out');
    expect(await exportTo(out, run, '--check', '3', '--longest', '256')).toMatchObject({ code: 0 });
    expect(await answers(out, text)).toBe(await answersOfHeed(run, text));
  });
});

describe('parameters', () => {
  test('are all told in the README, and load again', async () => {
    expect(await exportTo('parameters', 'dates', '--to', 'safetensors')).toMatchObject({ code: 0 });
    const out = join(folder, 'parameters');
    const model = decodeModel(await readFile(join(out, 'model.safetensors')), { networks: NETWORKS });
    const readme = await readFile(join(out, 'README.md'), 'utf8');
    for (const [name, { shape }] of Object.entries(model.parameters))
      expect(readme).toContain(`| \`${name}\` | [${shape.join(', ')}] | `);
    const config = JSON.parse(await readFile(join(out, 'config.json'), 'utf8')) as Record<string, unknown>;
    expect(config).toMatchObject({ task: 'dates', model: { kind: 'recurrent', decoderUnits: expect.any(Number) } });
    model.dispose();
  });

  test('are what leaves of a captioner', async () => {
    const refused = await exportTo('captioner', 'caption');
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(/captioner.*--to safetensors/s) });
    expect(await exportTo('captioner', 'caption', '--to', 'safetensors')).toMatchObject({ code: 0 });
    const model = decodeModel(await readFile(join(folder, 'captioner/model.safetensors')), { networks: NETWORKS });
    expect(model.config.kind).toBe('captioner');
    model.dispose();
  });
});

describe('what is refused', () => {
  test('a folder that has files, unless they may be replaced', async () => {
    const out = join(folder, 'full');
    await mkdir(out);
    await writeFile(join(out, 'kept.txt'), 'kept');
    const refused = await exportTo('full', 'dates', '--to', 'safetensors');
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/has files already.*--overwrite/s);
    expect(await exportTo('full', 'dates', '--to', 'safetensors', '--overwrite')).toMatchObject({ code: 0 });
    expect(await readFile(join(out, 'kept.txt'), 'utf8')).toBe('kept');
  });

  test.each([
    [['export', 'dates'], /--out is missing/],
    [['export', 'nothing', '--out', 'x'], /there is no run and no task "nothing"/],
    [['export', 'use', '--out', 'x'], /encodes sentences/],
    [['export', 'dates', '--out', 'x', '--to', 'safetensors', '--check'], /--check is for --to onnx/],
    [['export', 'dates', '--out', 'x', '--to', 'gguf'], /Allowed choices are onnx, safetensors/],
    [['export', 'dates', '--out', 'x', '--check', 'no'], /whole number/],
  ])('%j', async (args, message) => {
    const { code, stderr } = await heed(args);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});
