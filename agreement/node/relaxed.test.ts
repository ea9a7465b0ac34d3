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

/** What runs the suite: this Node, behind its flag if need be, which is how the command has it; and else a newer one besides. */
const RUNS = hasRelaxed
  ? [{ title: 'of this Node', command: [process.execPath], threads: [1, 3] }]
  : [
      // Node has relaxed SIMD from version 22 on; for older ones, a newer Node is among the project's packages.
      ...(existsSync(node24) ? [{ title: 'of a newer Node', command: [node24], threads: [1, 3] }] : []),
      {
        title: 'that this Node has behind a flag',
        command: [process.execPath, '--experimental-wasm-relaxed-simd'],
        threads: [1],
      },
    ];

test.each(RUNS)(
  'the relaxed build agrees, on $threads threads, in WebAssembly $title',
  async ({ command, threads }) => {
    const script = fileURLToPath(new URL('relaxed.mjs', import.meta.url));
    const [file, ...flags] = command;
    const { stdout } = await promisify(execFile)(file!, [...flags, script, ...threads.map(String)]);
    const reports = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { readonly passed: number });
    expect(reports).toMatchObject(threads.map((count) => ({ failed: 0, simd: 'relaxed', threads: count })));
    expect(Math.min(...reports.map(({ passed }) => passed))).toBeGreaterThan(800);
  },
);

test('a machine on which the project is checked has a Node with relaxed SIMD', () => {
  const wanted = process.env['CI'] === 'true' && process.platform === 'linux' && process.arch === 'x64';
  expect(!wanted || hasRelaxed || existsSync(node24)).toBe(true);
});
