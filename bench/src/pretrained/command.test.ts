import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { Report } from '../report/report.js';

const MAIN = fileURLToPath(new URL('../../dist/pretrained.js', import.meta.url));

function bench(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...args], (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

test('small models run on Heed and on transformers.js, which agree', async () => {
  const cases = ['tokens', 'sentences-b8-t16'];
  const { code, stdout, stderr } = await bench(
    '--small',
    '--one-thread',
    '--rounds',
    '1',
    '--json',
    '--case',
    ...cases,
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('tokens a second') });
  const report = JSON.parse(stdout) as Report;
  expect(report.cases.map((one) => one.case)).toEqual(['decoder', 'tokens', 'encoder', 'sentences-b8-t16']);
  for (const { rows, leftOut } of report.cases) {
    expect(leftOut).toEqual([]);
    expect(rows!.map(({ system }) => system)).toEqual(
      expect.arrayContaining([
        'heed-wasm',
        'transformers.js on onnxruntime-web',
        'transformers.js on onnxruntime-node (native)',
      ]),
    );
  }
  expect(report.cases[0]!.rows![0]).toEqual({
    system: 'heed-wasm',
    'load, ms': expect.any(Number),
    'peak after loading, MiB': expect.any(Number),
    'peak after all, MiB': expect.any(Number),
  });
  expect(report.cases.flatMap(({ figures }) => figures).map(({ name, target }) => [name, target])).toEqual(
    expect.arrayContaining(cases.map((name) => [`${name}: times transformers.js on onnxruntime-web`, 1])),
  );
}, 240_000);

test.each([
  [['--rounds', '0'], 'whole number'],
  [['--case', 'nothing'], 'Allowed choices'],
])('%j is exit 2', async (args, message) => {
  const { code, stderr } = await bench(...args);
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(message) });
});
