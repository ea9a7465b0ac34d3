import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { relaxedSimd } from 'wasm-feature-detect';
import { expect, test } from 'vitest';

const root = new URL('../../', import.meta.url);
const node24 = fileURLToPath(
  new URL(`tools/node-24/node_modules/node-${process.platform}-${process.arch}/bin/node`, root),
);
const hasRelaxed = await relaxedSimd();

// Node has relaxed SIMD from version 22 on; for older ones, a newer Node is among the project's packages.
test.runIf(hasRelaxed || existsSync(node24))('the relaxed build agrees, on one thread and on three', async () => {
  const script = fileURLToPath(new URL('relaxed.mjs', import.meta.url));
  const { stdout } = await promisify(execFile)(hasRelaxed ? process.execPath : node24, [script]);
  const reports = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { readonly passed: number });
  expect(reports).toMatchObject([
    { failed: 0, simd: 'relaxed', threads: 1 },
    { failed: 0, simd: 'relaxed', threads: 3 },
  ]);
  expect(Math.min(...reports.map(({ passed }) => passed))).toBeGreaterThan(800);
});

test('a machine on which the project is checked has a Node with relaxed SIMD', () => {
  const wanted = process.env['CI'] === 'true' && process.platform === 'linux' && process.arch === 'x64';
  expect(!wanted || hasRelaxed || existsSync(node24)).toBe(true);
});
