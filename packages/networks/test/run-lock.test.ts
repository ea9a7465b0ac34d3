import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { presets } from '../src/recurrent/presets.js';
import { NETWORKS, type KnownNetwork } from '../src/networks.js';
import { createRun, openRun, readRunInfo, resumeRun, type CreateRunOptions, type Run } from '@heed/nn/node';
import { CPU, useEngine } from '../../nn/test/engines.js';
import { reversed, symbols, tinyConfig } from './models.js';

const example = (word: string) => ({ source: symbols(word), targets: [reversed(word)] });
const examples = { train: ['a', 'bc', 'abc', 'dab', 'cd'].map(example), validation: ['ab'].map(example) };
const networks = NETWORKS;
const options: CreateRunOptions<KnownNetwork> = {
  networks,
  task: 'reverse',
  dataVersion: 'words@1',
  dataOptions: {},
  model: tinyConfig(),
  training: { ...presets.small.training, seed: 2, steps: 100_000, batchSize: 2 },
  examples,
};
const resumeOptions = { networks, dataVersion: 'words@1', examples };
const FILES = ['model.safetensors', 'run.json', 'training.safetensors'];

let root: string;
let folder: string;
const runs: Run[] = [];
const children: ChildProcess[] = [];

beforeEach(async () => {
  await useEngine(CPU);
  root = await mkdtemp(join(tmpdir(), 'heed-lock-'));
  folder = join(root, 'run');
  (await createRun(folder, options)).dispose();
});

afterEach(async () => {
  for (const run of runs.splice(0)) run.dispose();
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(root, { recursive: true });
});

function startTraining(errors: 'inherit' | 'ignore'): ChildProcess {
  const script = fileURLToPath(new URL('train-until-killed.mjs', import.meta.url));
  const child = spawn(process.execPath, [script, folder, JSON.stringify(examples)], {
    stdio: ['ignore', 'pipe', errors],
  });
  children.push(child);
  return child;
}

/** Another process that trains in the folder and has saved there. */
async function trainElsewhere(): Promise<ChildProcess> {
  const child = startTraining('inherit');
  await once(child.stdout!, 'data');
  child.stdout!.resume();
  return child;
}

async function kill(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  child.kill(signal);
  expect(await once(child, 'exit')).toEqual([null, signal]);
}

async function resume(): Promise<Run> {
  const run = await resumeRun(folder, resumeOptions);
  runs.push(run);
  return run;
}

const isLocked = async (): Promise<boolean> => (await readdir(folder)).includes('.lock');

describe('a run that another process trains', () => {
  it('is refused with that process and the time since when', async () => {
    const before = Date.now();
    const child = await trainElsewhere();
    const refusal = {
      code: 'RUN_LOCKED',
      message: expect.stringMatching(`in use by process ${child.pid} since \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d`),
      details: { folder, pid: child.pid, host: hostname(), since: expect.any(String) },
    };
    const error = await resumeRun(folder, resumeOptions).catch((e: unknown) => e);
    expect(error).toMatchObject(refusal);
    const since = Date.parse((error as { details: { since: string } }).details.since);
    expect(since).toBeGreaterThanOrEqual(before);
    expect(since).toBeLessThanOrEqual(Date.now());
    await expect(createRun(folder, { ...options, overwrite: true })).rejects.toMatchObject(refusal);
    // Nothing of it was touched, and its model can be used meanwhile.
    expect((await readRunInfo(folder, { networks })).progress.step).toBeGreaterThan(0);
    (await openRun(folder, { networks })).model.dispose();
    expect(child.exitCode).toBe(null);
  });

  it('is taken over at once when it was killed, and says from whom', async () => {
    const child = await trainElsewhere();
    await kill(child, 'SIGKILL');
    expect(await isLocked()).toBe(true);
    const run = await resume();
    expect(run.takenOver).toMatchObject({ pid: child.pid, host: hostname() });
    run.dispose();
    expect((await readdir(folder)).toSorted()).toEqual(FILES);
    expect((await resume()).takenOver).toBeUndefined();
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('is free after %s', async (signal) => {
    await kill(await trainElsewhere(), signal);
    expect(await isLocked()).toBe(false);
    expect((await resume()).takenOver).toBeUndefined();
  });

  it('is one process’s when several start over the lock of a dead one', async () => {
    await kill(await trainElsewhere(), 'SIGKILL');
    const started = Array.from({ length: 4 }, () => startTraining('ignore'));
    const ended = started.map(async (child) => {
      await once(child, 'exit');
      return child;
    });
    // All but one end by themselves, refused; that one goes on.
    const refused: ChildProcess[] = [];
    while (refused.length < 3) refused.push(await Promise.race(ended.filter((_, n) => !refused.includes(started[n]))));
    for (const child of refused) expect(child.exitCode).toBe(1);
    const winner = started.find((child) => !refused.includes(child));
    expect(winner!.exitCode).toBe(null);
    await expect(resumeRun(folder, resumeOptions)).rejects.toMatchObject({ details: { pid: winner!.pid } });
  });
});

describe('a lock', () => {
  it('is kept within a process too, until the run is disposed of', async () => {
    const run = await resume();
    await expect(resumeRun(folder, resumeOptions)).rejects.toMatchObject({
      code: 'RUN_LOCKED',
      details: { pid: process.pid },
    });
    run.dispose();
    run.dispose();
    expect(await isLocked()).toBe(false);
    await resume();
  });

  it('is released by what fails after it was taken', async () => {
    await expect(createRun(folder, options)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect(await isLocked()).toBe(false);
    await expect(resumeRun(folder, { ...resumeOptions, dataVersion: 'words@2' })).rejects.toMatchObject({
      code: 'CHECKPOINT_INVALID',
    });
    expect(await isLocked()).toBe(false);
  });

  it('moves with the folder, and is not in a copy of it', async () => {
    await resume();
    const [copy, moved] = [join(root, 'copy'), join(root, 'moved')];
    await cp(folder, copy, { recursive: true });
    const run = await resumeRun(copy, resumeOptions);
    expect(run.takenOver).toBeUndefined();
    run.dispose();
    await rename(folder, moved);
    await expect(resumeRun(moved, resumeOptions)).rejects.toMatchObject({ code: 'RUN_LOCKED' });
  });

  /** As if another process held it. */
  async function lockAs(holder: Readonly<Record<string, unknown>>): Promise<void> {
    await kill(await trainElsewhere(), 'SIGKILL');
    const card = join(folder, '.lock/holder.json');
    await writeFile(card, JSON.stringify({ ...JSON.parse(await readFile(card, 'utf8')), ...holder }));
  }

  it('of another machine is left alone until that has been silent for long', async () => {
    await lockAs({ host: 'elsewhere' });
    await expect(resumeRun(folder, resumeOptions)).rejects.toMatchObject({
      code: 'RUN_LOCKED',
      message: /on elsewhere since .*silent for 2 minutes/,
    });
    const longAgo = new Date(Date.now() - 121_000);
    await utimes(join(folder, '.lock'), longAgo, longAgo);
    expect((await resume()).takenOver).toMatchObject({ host: 'elsewhere' });
  });

  it('of an earlier process with the number of this one is left over, as in containers', async () => {
    await lockAs({ pid: process.pid, since: '2026-01-01T00:00:00.000Z' });
    expect((await resume()).takenOver).toMatchObject({ pid: process.pid });
  });

  it('that was lost meanwhile keeps its process from writing', async () => {
    const run = await resume();
    const before = await readFile(join(folder, 'training.safetensors'));
    await rm(join(folder, '.lock'), { recursive: true });
    const child = await trainElsewhere();
    await kill(child, 'SIGKILL');
    const between = await readFile(join(folder, 'training.safetensors'));
    expect(between.equals(before)).toBe(false);
    await expect(run.train({ maxSteps: 1 })).rejects.toMatchObject({
      code: 'RUN_LOCKED',
      details: { pid: child.pid },
    });
    run.dispose();
    expect((await readFile(join(folder, 'training.safetensors'))).equals(between)).toBe(true);
    expect(await isLocked()).toBe(true); // the other's
  });
});
