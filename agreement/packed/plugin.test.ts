import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packedPackages } from '../../scripts/pack.mjs';
import { withDependencies } from '../../scripts/packages.mjs';

const EXAMPLE = fileURLToPath(new URL('../../examples/plugin', import.meta.url));
const LONG = 10 * 60_000;

/** The example as a repository of its own, with packages installed from their tarballs. */
let folder: string;
const exec = promisify(execFile);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heed-plugin-'));
  await cp(EXAMPLE, folder, { recursive: true, filter: (path) => !/node_modules|[/\\]runs$/.test(path) });
  const packed = withDependencies(await packedPackages(), ['@heed/cli']);
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest;
  const { catalog } = await versions();
  for (const [name, range] of Object.entries(manifest.dependencies)) {
    if (range === 'catalog:') manifest.dependencies[name] = catalog(name);
  }
  // What is packed needs its like, which no registry has.
  for (const { manifest: own, tarball } of packed) manifest.dependencies[own.name] = `file:${tarball}`;
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
  const quietly = ['--no-audit', '--no-fund', '--loglevel=error', '--ignore-scripts', '--prefer-offline'];
  await exec('npm', ['install', ...quietly], { cwd: folder });
}, LONG);

afterAll(() => rm(folder, { recursive: true, force: true }));

interface Manifest {
  readonly dependencies: Record<string, string>;
}

/** Versions of other people's packages, as the workspace has them. */
async function versions(): Promise<{ catalog(name: string): string }> {
  const text = await readFile(new URL('../../pnpm-workspace.yaml', import.meta.url), 'utf8');
  return {
    catalog(name) {
      const line = new RegExp(`^  '?${name}'?: (.+)$`, 'm').exec(text);
      return line![1];
    },
  };
}

/** Runs the installed command in the example's folder. */
async function heed(...args: string[]): Promise<Record<string, unknown>[]> {
  const { stdout } = await exec(join(folder, 'node_modules', '.bin', 'heed'), [...args, '--json'], {
    cwd: folder,
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
