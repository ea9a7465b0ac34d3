import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { errors } from '../../packages/conformance/src/cases/errors.js';
import { steps } from '../../packages/conformance/src/fuzz/arbitraries.js';
import { doStep } from '../../packages/conformance/src/fuzz/do-step.js';
import { fuzz } from '../../packages/conformance/src/fuzz/index.js';
import { Program } from '../../packages/conformance/src/fuzz/program.js';
import { scriptOf } from '../../packages/conformance/src/fuzz/script.js';
import { MUTANTS } from '../../packages/conformance/src/mutants/index.js';
import { mutantBackend } from '../../packages/conformance/src/mutants/mutant.js';
import { referenceBackend } from '../../packages/conformance/src/reference-backend.js';
import { loadAnywhere } from '@heed/backends/composed';
import { load } from '../../packages/conformance/test/engine.js';

const backends = await loadAnywhere();

// Some mutants register a kernel twice, about which TensorFlow.js warns.
beforeAll(() => void vi.spyOn(console, 'warn').mockImplementation(() => {}));
afterAll(() => void vi.restoreAllMocks());

const SEED = 20_261_123;
/** Number of programs; what is wrong with the backends below is found in fewer. `pnpm fuzz` runs as many as it is told, of any seed. */
const RUNS = 40;

describe('random programs', () => {
  it.each([...backends, referenceBackend({ load })])('agree with the oracle on $name', async (factory) => {
    const runs: number[] = [];
    const report = await fuzz(factory, { runs: RUNS, seed: SEED, onRun: ({ runs: n }) => runs.push(n) });
    expect(report.failure).toBeUndefined();
    expect(report).toMatchObject({ backend: factory.name, seed: SEED, runs: RUNS });
    expect(report.steps).toBeGreaterThan(7 * RUNS);
    expect(runs).toEqual(Array.from({ length: RUNS }, (_, n) => n + 1));
  });

  it('are the same for the same seed, and leave the engine as it was', async () => {
    await load();
    await tf.setBackend('cpu');
    const kernels = () => new Map(tf.getKernelsForBackend('cpu').map((one) => [one.kernelName, one.kernelFunc]));
    const before = kernels();
    const steps = async (seed: number) => (await fuzz(backends[0], { runs: 20, seed })).steps;
    const first = await steps(1);
    expect(await steps(1)).toBe(first);
    expect(await steps(2)).not.toBe(first);
    expect(kernels()).toEqual(before);
    expect(tf.getBackend()).toBe('cpu');
  });
});

describe('pnpm fuzz', () => {
  const script = fileURLToPath(new URL('../../scripts/fuzz.mjs', import.meta.url));
  const run = (...args: string[]) =>
    promisify(execFile)(process.execPath, [script, ...args]).catch((error: { code: number; stderr: string }) => error);

  it.each(backends)('takes $name, and says how many programs passed', async ({ name }) => {
    const told = { stdout: expect.stringMatching(`^${name}: 3 programs of \\d+ steps passed \\(--seed 7\\)`) };
    expect(await run('--backend', name, '--runs', '3', '--seed', '7')).toMatchObject(told);
  });

  it.each([
    [['--backend', 'wasn'], 'did you mean wasm?'],
    [['--runs', 'many'], 'not a whole number'],
    [['--run', '3'], '--run'],
  ])('refuses %j', async (args, message) => {
    expect(await run(...args)).toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
  });
});

describe('a script', () => {
  const here = fileURLToPath(new URL('../../packages/conformance/', import.meta.url));
  // Folder in which the script finds its packages, and which git ignores.
  let folder: string;
  beforeAll(() => {
    mkdirSync(join(here, 'node_modules'), { recursive: true });
    folder = mkdtempSync(join(here, 'node_modules', '.fuzz-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const RIGHT = `
import { referenceBackend } from '${here}dist/reference-backend.js';
const subject = referenceBackend({ load: () => import('@tensorflow/tfjs-backend-cpu') });`;
  const setupFor = (id: string): string => `
import { MUTANTS } from '${here}dist/mutants/index.js';
import { mutantBackend } from '${here}dist/mutants/mutant.js';
const mutant = MUTANTS.find(({ id }) => id === '${id}');
const subject = mutantBackend(mutant, () => import('@tensorflow/tfjs-backend-cpu'));`;

  /** Runs a script; resolves to what it writes to standard output and standard error. */
  async function node(script: string): Promise<string> {
    const file = join(folder, 'script.mjs');
    writeFileSync(file, script);
    const failed = (error: { stderr?: string }): { stdout: string } => ({ stdout: error.stderr ?? String(error) });
    const { stdout } = await promisify(execFile)(process.execPath, [file]).catch(failed);
    return stdout;
  }

  it('does all that its program did, and passes where the program passed', async () => {
    const program = await Program.open(referenceBackend({ load }));
    await doStep(program, { kind: 'select', backend: 'subject' });
    for (const step of fc.sample(fc.oneof(...steps), { seed: SEED, numRuns: 200 })) await doStep(program, step);
    for (const pick of errors.keys()) await doStep(program, { kind: 'error', pick });
    const { done } = program;
    await program.close();
    const kinds = [
      'call',
      'disposeBackend',
      'disposeTensor',
      'error',
      'gradients',
      'lateGradients',
      'materialize',
      'select',
    ];
    expect([...new Set(done.map(({ kind }) => kind))].toSorted()).toEqual(kinds);
    expect(await node(scriptOf(done, 'nothing', RIGHT))).toBe('nothing failed\n');
  });

  it.each([
    { id: 'leaked tensor', steps: 2, message: /numTensors is \d more/, thrown: /numTensors is \d more/ },
    { id: 'causal off by one', steps: 2, message: /^d?\w+\[.*expected/, thrown: /number \d+ is .*, expected/ },
    { id: 'dropout not scaled', steps: 2, message: /^d?\w+\[.*expected/, thrown: /number \d+ is .*, expected/ },
    {
      id: 'results written to the same memory each time',
      steps: 3,
      message: /^tensor2 was overwritten/,
      thrown: /tensor2 was overwritten/,
    },
    { id: 'leaves a kernel behind', steps: 2, message: /kernel HeedLeftOver/, thrown: /kernel HeedLeftOver/ },
  ])(
    'of a backend with «$id» has been shrunk to at most $steps steps, and fails as its program did',
    async ({ id, steps, message, thrown }) => {
      const setup = setupFor(id);
      const mutant = MUTANTS.find((one) => one.id === id)!;
      const { failure, runs } = await fuzz(mutantBackend(mutant, load), { runs: RUNS, seed: SEED, setup });
      expect(runs).toBeLessThan(RUNS);
      expect(failure!.message).toMatch(message);
      expect(failure!.steps).toBeLessThanOrEqual(steps);
      expect(await node(failure!.script)).toMatch(thrown);
      expect(await node(failure!.script.replace(setup, RIGHT))).toBe('nothing failed\n');
    },
  );
});
