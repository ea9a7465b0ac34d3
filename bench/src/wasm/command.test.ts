import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Line } from '../report/lines.js';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

function bench(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...args], (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

const linesOf = (stdout: string): Line[] =>
  stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);

test('a case on every system that can run here, an object a figure', async () => {
  const { code, stdout, stderr } = await bench('--quick', '--case', 'forward-t32', '--json');
  expect(code).toBe(0);
  const [line, ...others] = linesOf(stdout);
  expect(others).toEqual([]);
  const { measured, interval, met, systems } = line;
  expect(line).toMatchObject({
    case: 'forward-t32',
    name: 'forward-t32: times onnxruntime-web',
    target: 1,
    unit: '×',
    rounds: 2,
    node: process.versions.node,
  });
  expect(met).toBe(measured >= 1);
  expect(interval![0]).toBeLessThanOrEqual(measured);
  expect(interval![1]).toBeGreaterThanOrEqual(measured);
  expect(Object.keys(systems)).toEqual(
    expect.arrayContaining(['heed-wasm', 'tfjs-backend-wasm, composed', 'onnxruntime-web']),
  );
  expect(stderr).toContain('## forward-t32');
});

describe('--baseline', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'heed-bench-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const CASE = ['--quick', '--case', 'additive-memory'];
  const NAME = 'additive-memory: peak of the process beyond inputs and outputs';
  const before = async (measured: number, node = process.versions.node): Promise<string> => {
    const file = join(folder, 'before.ndjson');
    const entry = { case: 'additive-memory', name: NAME, unit: 'MiB', direction: 'most', measured, node, machine: '' };
    await writeFile(file, `${JSON.stringify(entry)}\n`);
    return file;
  };

  test('what is worse twice is exit 3', async () => {
    // Whatever is measured is more than less than nothing.
    const { code, stderr } = await bench(...CASE, '--baseline', await before(-1));
    expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringContaining(`worse than before, twice: ${NAME}`) });
  });

  test('memory is measured in a process of its own; what is no worse is exit 0', async () => {
    const { code, stdout } = await bench(...CASE, '--json', '--baseline', await before(100));
    const lines = linesOf(stdout);
    expect(code).toBe(0);
    expect(lines.map(({ name }) => name)).toEqual([
      'additive-memory: heap beyond inputs and outputs',
      'additive-memory: peak of the process beyond inputs and outputs',
    ]);
    // The composed form would take 256 MiB for tanh(q + k) alone.
    for (const { measured } of lines) expect(measured).toBeLessThan(64);
  });

  test('a baseline that has nothing to compare with is exit 2: nothing would have been found', async () => {
    const { code, stderr } = await bench(...CASE, '--baseline', await before(1, '18.0.0'));
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('none of these figures') });
  });
});

test.each([
  [['--rounds', '0'], 'whole number'],
  [['--fail-on', '15'], 'percentage'],
  [['--case', 'nothing'], 'Allowed choices'],
  [['--baseline', '/nowhere.json'], 'ENOENT'],
  [['--wrong'], 'unknown option'],
])('%j is exit 2', async (args, message) => {
  const { code, stderr } = await bench(...args);
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(message) });
});
