// The examples with what a release publishes: installed from packed packages, and bundled.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packedPackages } from '../../scripts/pack.mjs';
import { installExamples } from './examples.js';

/** webpack, which takes the longest, bundles the page of the workspace in examples/test. */
const BUNDLERS = ['vite', 'esbuild'];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heed-bundlers-'));
  await installExamples(['page', ...BUNDLERS], folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('packages have the version of the next release, and ask for one another by it', async () => {
  const packed = await packedPackages();
  const { manifest } = packed.find((one) => one.manifest.name === 'heed')!;
  expect(manifest.version).toMatch(/^(?!0\.0\.0$)\d+\.\d+\.\d+$/);
  const installed = JSON.parse(
    await readFile(join(folder, 'node_modules/heed/package.json'), 'utf8'),
  ) as typeof manifest;
  expect(installed.version).toBe(manifest.version);
  const own = Object.entries(installed.dependencies!).filter(([name]) => name.startsWith('@heed/'));
  expect(own.length).toBeGreaterThan(0);
  for (const [name, range] of own) expect(range, name).toBe(`^${manifest.version}`);
});

test.each(BUNDLERS)('%s bundles the page', async (bundler) => {
  await promisify(execFile)('npm', ['run', 'bundle'], {
    cwd: join(folder, bundler),
    shell: process.platform === 'win32',
  });
  const { size } = await stat(join(folder, bundler, 'dist', 'index.html'));
  expect(size).toBeGreaterThan(0);
});
