import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeSafetensors } from '@heed/formats';
import { beforeEach, describe, expect, test } from 'vitest';
import { BROWSER, WITHOUT_NPM_WEBGPU } from './browser.js';
import { events, heed, temporaryFolder, type Outcome, type Settings } from './heed.js';

// A kernel is compiled before it runs the first time, on the processor where there is no GPU.
const TIMEOUT = 360_000;

let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder();
  await mkdir(join(folder, 'tmp'));
});

const webgpu = (args: readonly string[], settings: Settings = {}): Promise<Outcome> =>
  heed([...args, '--backend', 'webgpu'], { ...settings, env: { TMPDIR: join(folder, 'tmp') } });

// Chromium brings the driver by which there is a device without a graphics card.
describe.runIf(BROWSER !== undefined)('--backend webgpu', { timeout: TIMEOUT }, () => {
  test('runs in Node, and says so', async () => {
    const outcome = await webgpu(['backends', '--json']);
    expect(events(outcome)).toEqual([
      expect.objectContaining({ event: 'backend', name: 'webgpu', available: true, default: false, in: 'node' }),
      { event: 'done', default: null },
    ]);
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
  });

  test('without the npm package webgpu it runs in a page, and says why', async () => {
    const { code, stdout } = await webgpu(['backends'], { node: WITHOUT_NPM_WEBGPU });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^webgpu .*, in an installed Chrome or Chromium\n {2}engine webgpu/);
    expect(stdout).toMatch(/\n {2}not in Node: .*webgpu .*is not installed.*npm install webgpu/);
  });

  test('attends in Node and in a page as cpu does, and writes files from both', async () => {
    await writeFile(join(folder, 'q.json'), '[[1, 0], [0, 1]]');
    const attend = ['attend', '--query', 'q.json', '--row-labels', 'a,b', '--returns', 'weights', '--out'];
    await heed([...attend, 'cpu.safetensors', '--backend', 'cpu'], { cwd: folder });
    await webgpu([...attend, 'node.safetensors'], { cwd: folder });
    await webgpu([...attend, 'page.safetensors', '--browser', BROWSER!], { cwd: folder });
    const [cpu, ...others] = await Promise.all(
      ['cpu', 'node', 'page'].map(async (name) => {
        const { tensors } = decodeSafetensors(await readFile(join(folder, `${name}.safetensors`)));
        return Array.from(tensors['weights'].data, Number);
      }),
    );
    for (const weights of others) weights.forEach((weight, n) => expect(weight).toBeCloseTo(cpu![n]!, 5));
    expect(await readdir(join(folder, 'tmp'))).toEqual([]);
  });

  test('agrees with cpu on a model, gradients and all', async () => {
    const outcome = await heed(['compare', 'g2p', '--backends', 'cpu,webgpu', '--words', '1', '--json']);
    expect(events(outcome).at(-1)).toMatchObject({ event: 'done', passed: true });
    expect(outcome.code).toBe(0);
  });

  test('trains with the losses of cpu; Ctrl-C saves the run, and another backend goes on with it', async () => {
    const train = ['train', 'g2p', '--out', join(folder, 'run'), '--batch-size', '2', '--steps', '200', '--json'];
    let isStopping = false;
    const stopped = await webgpu(train, {
      onOutput(child, stdout) {
        if (isStopping || !stdout.includes('"event":"progress"')) return;
        isStopping = true;
        child.kill('SIGINT');
      },
    });
    expect(stopped.code).toBe(130);
    const { event, step } = events(stopped).at(-1) as { event: string; step: number };
    expect(event).toBe('interrupted');

    const onCpu = [...train, '--backend', 'cpu', '--max-time', '0.1s'];
    const resumed = events(await heed([...onCpu, '--resume']));
    expect(resumed[0]).toMatchObject({ event: 'start', backend: 'cpu', resumed: true, step });
    const again = events(await heed([...onCpu, '--overwrite']));
    const firstLoss = (all: readonly Record<string, unknown>[]): number =>
      Number(all.find((one) => one['event'] === 'progress' && one['step'] === 1)!['loss']);
    expect(firstLoss(events(stopped))).toBeCloseTo(firstLoss(again), 5);
  });
});
