import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cpu } from '@heed/backend-cpu';
import { selectBackend } from '@heed/core';
import type { CaptionDataset } from '@heed/datasets';
import { caption } from '@heed/tasks';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { events, heed } from './heed.js';
import { keepUntrained } from './untrained-captioner.js';

const SETS = ['concepts', 'combinations', 'style-seen', 'style-unseen'];

let folder: string;
let data: CaptionDataset;

/** A PNG of 13 by 9 pixels. */
async function pictureFile(): Promise<Buffer> {
  const json = await readFile(new URL('../../../vectors/front-ends/pictures.json', import.meta.url), 'utf8');
  const { files } = JSON.parse(json) as { files: { name: string; file: string }[] };
  return Buffer.from(files.find(({ name }) => name === 'RGB')!.file, 'base64');
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heed-caption-'));
  data = await caption.load({ seed: 1 });
  const backend = await selectBackend(cpu());
  for (const preset of ['adaptive', 'none']) await keepUntrained(caption, preset, data, join(folder, preset));
  await backend.dispose();
  const picture = await pictureFile();
  await writeFile(join(folder, 'wide.png'), picture);
  await writeFile(join(folder, 'cut.png'), picture.subarray(0, picture.length / 2));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const COMMON = ['--backend', 'wasm', '--threads', '1', '--json'];
const at = (name: string): string => join(folder, name);
const run = (...args: string[]) => heed(['run', at('adaptive'), ...args, ...COMMON]);

describe('run', () => {
  test('says a picture in the languages that are asked for, with what each word looked at', async () => {
    const outcome = await run(at('wide.png'), '--ask', 'zh', 'de', '--out', at('map.html'));
    expect(outcome).toMatchObject({ code: 0 });
    const results = events(outcome).filter(({ event }) => event === 'result');
    expect(results).toMatchObject([
      { input: `${at('wide.png')}, zh`, language: 'zh', grid: [8, 8], sentinel: expect.any(Array) },
      { input: `${at('wide.png')}, de`, language: 'de' },
    ]);
    const [{ weights, outputSymbols }] = results as unknown as { weights: number[][]; outputSymbols: string[] }[];
    expect(weights.map((row) => row.length)).toEqual(outputSymbols.map(() => 64));
    expect(await readFile(at('map.html'), 'utf8')).toContain('<html');
  });

  test('takes the first language by default, and names of files from a pipe', async () => {
    const outcome = await heed(['run', at('adaptive'), ...COMMON], { input: `${at('wide.png')}\n` });
    expect(events(outcome)[0]).toMatchObject({ event: 'result', input: at('wide.png'), line: 1, language: 'en' });
  });

  test('draws the picture with a map over it', async () => {
    const { code, stdout } = await heed(['run', at('adaptive'), at('wide.png'), '--backend', 'wasm']);
    expect(code).toBe(0);
    expect(stdout).toContain('greatest of the word');
    expect(stdout).toMatch(/\d+ % .*, \d+ % at no part/);
    const plain = await heed(['run', at('none'), at('wide.png'), '--backend', 'wasm']);
    expect(plain.stdout).not.toContain('greatest of the word');
  });

  test('tells what is wrong with one file, and answers the others', async () => {
    const outcome = await run(at('cut.png'), at('wide.png'), at('missing.png'));
    expect(outcome.code).toBe(1);
    expect(events(outcome)).toMatchObject([
      { event: 'error', input: at('cut.png'), code: 'FILE_INVALID' },
      { event: 'result', input: at('wide.png') },
      { event: 'error', input: at('missing.png'), code: 'FILE_ACCESS' },
    ]);
  });

  test('shows examples of a test set', async () => {
    const outcome = await run('--sample', '3', '--split', 'combinations');
    const expected = data.testSets.find(({ name }) => name === 'combinations')!.examples.map(({ text }) => text);
    const results = events(outcome).filter(({ event }) => event === 'result');
    expect(results).toHaveLength(3);
    for (const result of results) expect(expected).toContain((result['expected'] as string[])[0]);
  });

  test.each([
    [['x.png', '--ask', 'it'], 'there is no language "it"'],
    [['x.png', '--split', 'test'], '--sample'],
    [['--sample', '1', '--split', 'nope'], 'concepts'],
  ])('refuses %j', async (args, message) => {
    const outcome = await run(...args);
    expect(outcome.code).toBe(2);
    expect(outcome.stderr).toContain(message);
  });

  test('refuses to ask a text for anything', async () => {
    const outcome = await heed(['run', 'g2p', 'cat', '--ask', 'de', '--backend', 'cpu']);
    expect(outcome).toMatchObject({ code: 2, stderr: expect.stringContaining('g2p reads no pictures') });
  });
});

test('eval judges each test set, beside the simplest guesses', async () => {
  const outcome = await heed(['eval', at('adaptive'), '--limit', '4', ...COMMON]);
  expect(outcome).toMatchObject({ code: 0 });
  const done = events(outcome).at(-1)!;
  expect(done).toMatchObject({
    event: 'done',
    split: 'test',
    examples: 4,
    baselines: [{ examples: 4 }, { examples: 4 }],
  });
  const sets = done['testSets'] as { name: string; examples: number; figures: object; baselines: object[] }[];
  expect(sets.map(({ name }) => name)).toEqual(SETS);
  for (const { examples, figures, baselines } of sets) {
    expect(examples).toBe(4);
    expect(Object.keys(figures)).toContain('onDrawn');
    expect(baselines).toHaveLength(2);
  }
  const one = await heed(['eval', at('none'), '--limit', '4', '--split', 'style-seen', ...COMMON]);
  expect(events(one).at(-1)).toMatchObject({ event: 'done', split: 'style-seen', examples: 4 });
  expect(events(one).at(-1)).not.toHaveProperty('testSets');
});
