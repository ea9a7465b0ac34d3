import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { installExamples } from './examples.js';

const LONG = 10 * 60_000;

/** The example as a repository of its own, with packages installed from their tarballs. */
let folder: string;
const exec = promisify(execFile);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heed-plugin-'));
  await installExamples(['plugin'], folder);
}, LONG);

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs the installed command in the example's folder. */
async function heed(...args: string[]): Promise<Record<string, unknown>[]> {
  const { stdout } = await exec(join(folder, 'node_modules', '.bin', 'heed'), [...args, '--json'], {
    cwd: join(folder, 'plugin'),
    maxBuffer: 2 ** 28,
  });
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

test(
  'its backend is held against the oracle',
  async () => {
    // Groups about the op that it fuses, and about backends as such; what it composes is the same on any backend.
    const groups = ['manifest', 'normalizers', 'shapes', 'non-finite', 'outputs', 'leaks', 'determinism', 'dispose'];
    const events = await heed('conformance', '--backend', 'loops', '--group', ...groups);
    expect(events.at(-1)).toMatchObject({ event: 'done', backend: 'loops', failed: 0, skipped: 0 });
    // What it fuses is checked as such.
    expect(events.filter(({ path }) => path === 'fused').length).toBeGreaterThan(10);
  },
  LONG,
);

test(
  'its task is learnt with its mechanism, and the model is run and judged',
  async () => {
    const train = ['train', 'plurals', '--attention', 'gaussian', '--steps', '20', '--out', 'runs/first'];
    const trained = await heed(...train, '--backend', 'loops');
    expect(trained[0]).toMatchObject({ event: 'start', task: 'plurals', backend: 'loops' });
    expect(trained.at(-1)).toMatchObject({ event: 'done', step: 20 });
    const [result] = await heed('run', 'runs/first', 'stratum');
    expect(result).toMatchObject({ event: 'result', input: 'stratum', weights: expect.any(Array) as unknown });
    const [judged] = await heed('eval', 'runs/first', '--limit', '8');
    expect(judged).toMatchObject({ event: 'done', task: 'plurals', model: 'gaussian attention', examples: 8 });
  },
  LONG,
);

test(
  'its backend and its mechanism are compared with a reference in float64',
  async () => {
    const compare = ['compare', 'plurals', '--attention', 'gaussian', '--words', '2', '--backends', 'loops,cpu'];
    const events = await heed(...compare);
    expect(events.at(-1)).toMatchObject({ event: 'done', passed: true });
    expect(events).toContainEqual(
      expect.objectContaining({
        event: 'difference',
        backend: 'loops',
        output: 'gradient/attention/log_bandwidth',
        passed: true,
      }),
    );
  },
  LONG,
);
