import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

function bench(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...args], (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

test('a case on every system that can run here, as one document', async () => {
  const { code, stdout, stderr } = await bench('--quick', '--case', 'forward-t32', '--json');
  const report = JSON.parse(stdout) as {
    targets: { name: string; target: number; measured: number; met: boolean }[];
    cases: { standings: { system: string }[]; leftOut: string[] }[];
  };
  expect(code).toBe(0);
  expect(report.targets).toMatchObject([{ name: 'forward-t32: times onnxruntime-web', target: 1 }]);
  const [{ standings }] = report.cases as [(typeof report.cases)[number]];
  const systems = standings.map(({ system }) => system);
  expect(systems).toEqual(expect.arrayContaining(['heed-wasm', 'tfjs-backend-wasm, composed', 'onnxruntime-web']));
  expect(stderr).toContain('forward-t32');
});

test('memory is measured in a process of its own', async () => {
  const { code, stdout } = await bench('--quick', '--case', 'additive-memory', '--json');
  const { targets } = JSON.parse(stdout) as { targets: { name: string; measured: number }[] };
  expect(code).toBe(0);
  expect(targets.map(({ name }) => name)).toEqual([
    'additive-memory: heap beyond inputs and outputs',
    'additive-memory: peak of the process beyond inputs and outputs',
  ]);
  // The composed form would take 256 MiB for tanh(q + k) alone.
  for (const { measured } of targets) expect(measured).toBeLessThan(64);
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
