import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cpu } from '@heed/backend-cpu';
import { selectBackend } from '@heed/core';
import { VIDEO_FRAMES } from '@heed/datasets';
import { video } from '@heed/tasks';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { events, heed } from './heed.js';
import { keepUntrained } from './untrained-captioner.js';

let folder: string;
const at = (name: string): string => join(folder, name);

/** A PNG of one grey pixel. */
const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4XmNgBAAAAwAC3cT2JAAAAABJRU5ErkJggg==',
  'base64',
);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heed-video-'));
  const data = await video.load({ seed: 1 });
  const backend = await selectBackend(cpu());
  await keepUntrained(video, 'spaceTime', data, at('run'));
  await backend.dispose();
  for (const [name, frames] of [
    ['film', 3],
    ['long', VIDEO_FRAMES + 1],
    ['empty', 0],
  ] as const) {
    await mkdir(at(name));
    for (let n = 0; n < frames; n++) await writeFile(join(at(name), `frame${n}.png`), PIXEL);
  }
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const run = (...args: string[]) => heed(['run', at('run'), ...args, '--backend', 'wasm', '--threads', '1', '--json']);

describe('run', () => {
  test('asks of the frames in a folder, and says how much each word looked at each', async () => {
    const outcome = await run(at('film'), '--ask', 'which frame', 'what changed', '--out', at('map.svg'));
    expect(outcome).toMatchObject({ code: 0 });
    const results = events(outcome).filter(({ event }) => event === 'result');
    expect(results).toMatchObject([
      { input: `${at('film')}, which frame`, question: 'which frame' },
      { input: `${at('film')}, what changed`, question: 'what changed' },
    ]);
    for (const { looks, outputSymbols } of results as unknown as { looks: number[][]; outputSymbols: string[] }[]) {
      expect(looks.map(({ length }) => length)).toEqual(outputSymbols.map(() => VIDEO_FRAMES));
      for (const shares of looks) expect(shares.reduce((sum, share) => sum + share)).toBeCloseTo(1, 4);
    }
    expect(await readFile(at('map.svg'), 'utf8')).toContain('<svg');
  });

  test('takes one picture as a film in which nothing happens', async () => {
    const outcome = await run(join(at('film'), 'frame0.png'));
    expect(events(outcome)).toMatchObject([{ event: 'result', question: 'what changed' }]);
  });

  test('tells what is wrong with one film, and answers the others', async () => {
    const outcome = await run(at('long'), at('empty'), at('film'), at('nowhere'));
    expect(outcome.code).toBe(1);
    expect(events(outcome)).toMatchObject([
      { event: 'error', input: at('long'), code: 'INVALID_ARGUMENT', message: expect.stringContaining('7 pictures') },
      { event: 'error', input: at('empty'), code: 'INVALID_ARGUMENT' },
      { event: 'result', input: at('film') },
      { event: 'error', input: at('nowhere'), code: 'FILE_ACCESS' },
    ]);
  });

  test('knows its questions', async () => {
    expect(await run(at('film'), '--ask', 'who')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('there is no question "who"'),
    });
  });
});

test('eval judges answers, and where they looked', async () => {
  const outcome = await heed(['eval', at('run'), '--limit', '6', '--backend', 'wasm', '--threads', '1', '--json']);
  expect(events(outcome).at(-1)).toMatchObject({
    event: 'done',
    examples: 6,
    figures: { right: expect.any(Number), onFrame: expect.any(Number) },
    baselines: [{ examples: 6 }, { examples: 6 }],
  });
});
