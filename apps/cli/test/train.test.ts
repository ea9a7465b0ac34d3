import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { events, heed, temporaryFolder, type Outcome, type Settings } from './heed.js';

const STEPS = 24;
const FLAGS = ['--seed', '7', '--steps', String(STEPS), '--batch-size', '4', '--backend', 'cpu', '--json'];
/** A folder whose configuration brings the task 'reversed'. */
const SMALL = fileURLToPath(new URL('./small', import.meta.url));
const FILES = ['model.safetensors', 'run.json', 'training.safetensors'];

const there = (args: readonly string[], settings: Settings = {}): Promise<Outcome> =>
  heed(args, { cwd: SMALL, ...settings });
const train = (folder: string, ...more: string[]): Promise<Outcome> =>
  there(['train', 'reversed', '--out', folder, ...FLAGS, ...more]);

/** Sends a signal once, as soon as a step has been made. */
function killed(folder: string, signal: NodeJS.Signals, ...more: string[]): Promise<Outcome> {
  let sent = false;
  return there(['train', 'reversed', '--out', folder, ...FLAGS, ...more], {
    onOutput: (child, stdout) => {
      if (!sent && stdout.includes('"event":"progress"')) sent = child.kill(signal);
    },
  });
}

/** A finished run, and what training it wrote. */
let whole: string;
let finished: Outcome;

beforeAll(async () => {
  whole = join(await mkdtemp(join(tmpdir(), 'heed-train-')), 'run');
  finished = await train(whole);
});

afterAll(() => rm(join(whole, '..'), { recursive: true }));

async function copyOfRun(): Promise<string> {
  const copy = join(await temporaryFolder(), 'copy');
  await cp(whole, copy, { recursive: true });
  return copy;
}

describe('train', () => {
  test('a folder that can’t be made is an error, not a wait', async () => {
    const { code, stderr } = await train(process.platform === 'linux' ? '/proc/nope/run' : '/dev/null/run');
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining("can't make the folder") });
  });

  test('tells its progress and leaves a run', async () => {
    expect(finished.code).toBe(0);
    const list = events(finished);
    const start = { event: 'start', backend: 'cpu', seed: 7, step: 0, steps: STEPS, resumed: false };
    expect(list[0]).toMatchObject(start);
    expect(list.filter(({ event }) => event === 'progress').length).toBeGreaterThan(1);
    expect(list).toContainEqual({ event: 'saved', step: STEPS });
    expect(list.at(-1)).toMatchObject({ event: 'done', reason: 'finished', step: STEPS, run: whole });
    expect((await readdir(whole)).toSorted()).toEqual(['calibration.json', 'card.json', ...FILES]);
  });

  test('interrupted, resumed, killed and resumed again, a run ends as one that was not', async () => {
    const folder = join(await temporaryFolder(), 'run');
    const stopped = await killed(folder, 'SIGINT');
    expect(stopped.code).toBe(130);
    const { event, step, resume } = events(stopped).at(-1) as { event: string; step: number; resume: string };
    expect(event).toBe('interrupted');
    expect(step).toBeLessThan(STEPS);
    expect(resume).toBe(`heed train reversed --out ${folder} --backend cpu --resume`);
    expect(stopped.stderr).toContain(`saved at step ${step}; go on with: ${resume}`);

    const dead = await killed(folder, 'SIGKILL', '--resume');
    expect(dead.code).toBe(128);
    expect(events(dead)[0]).toMatchObject({ event: 'start', resumed: true, step });

    const resumed = await there([...resume.split(' ').slice(1), '--json']);
    expect(events(resumed)[0]).toMatchObject({ event: 'start', resumed: true });
    expect(events(resumed).at(-1)).toMatchObject({ event: 'done', step: STEPS });
    for (const file of ['model.safetensors', 'training.safetensors']) {
      const expected = await readFile(join(whole, file));
      expect(expected.equals(await readFile(join(folder, file)))).toBe(true);
    }
  });

  test.each(['SIGTERM', 'SIGHUP'] as const)('%s saves, and the folder is free', async (signal) => {
    const folder = join(await temporaryFolder(), 'run');
    const stopped = await killed(folder, signal);
    expect(stopped.code).toBe(130);
    const { event, step } = events(stopped).at(-1) as { event: string; step: number };
    expect(event).toBe('interrupted');
    const { progress } = JSON.parse(await readFile(join(folder, 'run.json'), 'utf8')) as { progress: { step: number } };
    expect(progress.step).toBe(step);
    expect((await readdir(folder)).toSorted()).toEqual(FILES);
  });

  test('a folder that another process trains in is refused, with its number and since when', async () => {
    const folder = join(await temporaryFolder(), 'run');
    const refusals: Promise<Outcome>[] = [];
    let pid: number | undefined;
    const first = there(['train', 'reversed', '--out', folder, '--batch-size', '4', '--backend', 'cpu', '--json'], {
      onOutput: (child, stdout) => {
        if (refusals.length > 0 || !stdout.includes('"event":"progress"')) return;
        ({ pid } = child);
        refusals.push(train(folder), train(folder, '--resume'), train(folder, '--overwrite'));
        void Promise.all(refusals).then(() => child.kill('SIGINT'));
      },
    });
    expect((await first).code).toBe(130);
    for (const refused of await Promise.all(refusals)) {
      expect(refused.code).toBe(1);
      expect(refused.stderr).toMatch(
        new RegExp(`^error RUN_LOCKED: .* is in use by process ${pid} since [\\d-]+ [\\d:]+\nhint: wait until`),
      );
      expect(events(refused)).toEqual([expect.objectContaining({ event: 'error', code: 'RUN_LOCKED' })]);
    }
  });

  test('a folder whose process was killed is taken over, and says so', async () => {
    const folder = join(await temporaryFolder(), 'run');
    let pid: number | undefined;
    await there(['train', 'reversed', '--out', folder, ...FLAGS], {
      onOutput: (child, stdout) => {
        if (!stdout.includes('"event":"progress"')) return;
        ({ pid } = child);
        child.kill('SIGKILL');
      },
    });
    const resumed = await train(folder, '--resume');
    expect(resumed.code).toBe(0);
    expect(resumed.stderr).toMatch(
      new RegExp(`in use by process ${pid} since .* ended without a word: taking it over`),
    );
    expect((await readdir(folder)).toSorted()).toEqual(['calibration.json', 'card.json', ...FILES]);
  });

  test('a second signal ends it at once', async () => {
    const folder = join(await temporaryFolder(), 'run');
    let sent = 0;
    const { code, stderr } = await there(['train', 'reversed', '--out', folder, '--batch-size', '128'], {
      onOutput: (child, _, errors) => {
        // Both arrive during the first step, and are handled after it.
        while (sent < 2 && errors.includes('training ')) sent += Number(child.kill(sent === 0 ? 'SIGINT' : 'SIGTERM'));
      },
    });
    expect(code).toBe(130);
    expect(stderr).not.toContain('saved at step');
    expect((await readdir(folder)).toSorted()).toEqual(FILES);
  });

  test.each([
    ['a reader that goes away', undefined],
    ['Ctrl-C, at which the reader goes away too,', 'SIGINT'],
  ] as const)('%s ends it quietly, saved', async (_, signal) => {
    const folder = join(await temporaryFolder(), 'run');
    const { code, stderr } = await there(['train', 'reversed', '--out', folder, '--batch-size', '4', '--json'], {
      onOutput: (child, stdout) => {
        // What comes before the first step is nothing to be saved.
        if (!stdout.includes('"event":"progress"')) return;
        if (signal !== undefined) child.kill(signal);
        child.stdout!.destroy();
      },
    });
    expect(code).toBe(130);
    expect(stderr).not.toMatch(/error|EPIPE/i);
    const step = Number(/saved at step (\d+)/.exec(stderr)![1]);
    expect((await readdir(folder)).toSorted()).toEqual(FILES);
    expect(JSON.parse(await readFile(join(folder, 'run.json'), 'utf8'))).toMatchObject({ progress: { step } });
  });

  test('refuses a folder that holds a run, unless told what to do with it', async () => {
    const folder = await copyOfRun();
    const refused = await train(folder);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/^error USAGE: .* holds a run already\nhint: --resume .*--overwrite/);
    const contradiction = await train(folder, '--resume', '--seed', '8', '--batch-size', '5');
    expect(contradiction.code).toBe(2);
    expect(contradiction.stderr).toContain('was made with --seed 7, --batch-size 4');

    const longer = await train(folder, '--resume', '--steps', String(STEPS + 1));
    expect(events(longer)[0]).toMatchObject({ resumed: true, step: STEPS });
    expect(events(longer).at(-1)).toMatchObject({ event: 'done', step: STEPS + 1 });
    const replaced = await train(folder, '--overwrite', '--steps', '1');
    expect(events(replaced)[0]).toMatchObject({ resumed: false, step: 0 });
    expect(events(replaced).at(-1)).toMatchObject({ event: 'done', step: 1 });
  });

  test('--max-time ends it in time, saved; text has no escape codes when nobody looks', async () => {
    const folder = join(await temporaryFolder(), 'a run');
    const size = ['--batch-size', '4', '--attention', 'general', '--max-time', '0.5s'];
    const { code, stdout, stderr } = await heed(['train', 'g2p', '--out', folder, ...size]);
    expect(code).toBe(0);
    const step = Number(/: out of time at step (\d+) after 0:0\d\n$/.exec(stdout)![1]);
    const { progress } = JSON.parse(await readFile(join(folder, 'run.json'), 'utf8')) as { progress: { step: number } };
    expect(progress.step).toBe(step);
    expect(step).toBeLessThan(1000);
    expect(stderr).toContain('general attention');
    expect(stderr).toContain(`go on with: heed train g2p --out '${folder}' --backend wasm --resume`);
    expect(stdout + stderr).not.toContain('\u001b');
  });

  test.each([
    ['training.safetensors', 'not tensors'],
    ['training.safetensors', 'cut'],
    ['run.json', '{"formatVersion":'],
    ['run.json', '{}'],
  ])('a damaged %s (%s) is one clear error', async (file, content) => {
    const folder = await copyOfRun();
    const damaged = content === 'cut' ? (await readFile(join(folder, file))).subarray(0, -8) : content;
    await writeFile(join(folder, file), damaged);
    const { code, stderr } = await train(folder, '--resume');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error (FILE_INVALID|CHECKPOINT_INVALID): /);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  test('a folder that can’t be made is one clear error', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'file'), '');
    const { code, stderr } = await train(join(folder, 'file', 'run'));
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error FILE_ACCESS: /m);
  });
});
