import { selectBackend, type BackendFactory } from '@heed/core';
import { cpu } from '@heed/backend-cpu';
import type { Expected } from '@heed/conformance';
import { createSeq2Seq, presets } from '@heed/networks';
import { describe, expect, test, vi } from 'vitest';
import { MUTANTS } from '../../../packages/conformance/src/mutants/index.js';
import { mutantBackend } from '../../../packages/conformance/src/mutants/mutant.js';
import { teacherForced, type OracleParameters } from '../../../packages/networks/test/oracle.js';
import { caseProblem } from '../dist/compare/case-problem.js';
import { compareOn, type Solver } from '../dist/compare/compare-on.js';
import { modelProblem } from '../dist/compare/model-problem.js';
import type { ModelWork, Problem } from '../dist/compare/problem.js';
import { solveOn } from '../dist/compare/solve.js';
import { recordingHost } from './recording-host.js';

const CASE = 'masks/dot/causal-top-left';

/** What the outputs of a small model are held against. */
const WORK: ModelWork = {
  kind: 'model',
  config: {
    ...presets.standard.model,
    sourceSymbols: ['a', 'b', 'c'],
    targetSymbols: ['A', 'B', 'C', 'D'],
    seed: 1,
    embeddingWidth: 5,
    encoderUnits: 4,
    decoderUnits: 6,
    outputUnits: 5,
    attention: { kind: 'additive', units: 7 },
  },
  parameters: {},
  pairs: [
    { source: ['a', 'c', 'b', 'b'], target: ['D', 'A'] },
    { source: ['b'], target: ['C'] },
  ],
};

async function smallModel(): Promise<Problem> {
  const backend = await selectBackend(cpu());
  const model = createSeq2Seq(WORK.config);
  // Larger than at the start, so that no gate or weight is near its middle.
  const parameters = Object.fromEntries(
    Object.entries(model.parameters).map(([key, { shape, size }], k) => [
      key,
      { shape, data: Float32Array.from({ length: size }, (_, n) => 0.9 * Math.sin(1 + 7.3 * n + k)) },
    ]),
  );
  model.dispose();
  await backend.dispose();
  return modelProblem('small', { ...WORK, parameters });
}

/** Each pair by the equations of the paper, in float64. */
function byEquations({ config, pairs }: ModelWork, parameters: OracleParameters) {
  const ids = (symbols: readonly string[], alphabet: readonly string[]): number[] =>
    symbols.map((symbol) => alphabet.indexOf(symbol) + 1);
  return pairs.map(({ source, target }) => {
    const targets = ids(target, config.targetSymbols);
    return { targets, steps: teacherForced(config, parameters, ids(source, config.sourceSymbols), targets) };
  });
}

function lossByEquations(work: ModelWork, parameters: OracleParameters): number {
  const losses = byEquations(work, parameters).flatMap(({ targets, steps }) =>
    steps.map(({ logProbabilities }, t) => -logProbabilities[targets[t] ?? 0]),
  );
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
}

describe('the reference of a model', () => {
  test('is the equations of the paper in float64', async () => {
    const { work, expected } = (await smallModel()) as Problem & { work: ModelWork };
    const { logits, weights, loss } = expected;
    const rowOf = ({ shape, values }: Expected, b: number, t: number): number[] => {
      const [, places, width] = shape as [number, number, number];
      return Array.from(values.subarray((b * places + t) * width, (b * places + t + 1) * width));
    };
    byEquations(work, work.parameters).forEach(({ steps }, b) => {
      steps.forEach((step, t) => {
        const row = rowOf(logits!, b, t);
        const normaliser = Math.log(row.reduce((sum, x) => sum + Math.exp(x), 0));
        step.logProbabilities.forEach((p, v) => expect(row[v] - normaliser).toBeCloseTo(p, 12));
        step.weights.forEach((weight, s) => expect(rowOf(weights!, b, t)[s]).toBeCloseTo(weight, 12));
      });
    });
    expect(loss!.values[0]).toBeCloseTo(lossByEquations(work, work.parameters), 12);
  });

  test('has the gradients that those equations have', async () => {
    const { work, expected } = (await smallModel()) as Problem & { work: ModelWork };
    for (const [key, { shape, data }] of Object.entries(work.parameters)) {
      const n = data.length - 1; // any one
      const lossAt = (distance: number): number => {
        const moved = Float64Array.from(data);
        moved[n] += distance;
        return lossByEquations(work, { ...work.parameters, [key]: { shape, data: moved } });
      };
      const slope = (lossAt(1e-5) - lossAt(-1e-5)) / 2e-5;
      expect([key, expected[`gradient/${key}`].values[n]]).toEqual([key, expect.closeTo(slope, 8)]);
    }
  });

  test('allows what moving the parameters does to each output', async () => {
    for (const { values, naive } of Object.values((await smallModel()).expected)) {
      const moved = values.reduce((most, x, n) => Math.max(most, Math.abs(x - naive[n])), 0);
      expect(moved).toBeGreaterThan(0);
      expect(moved).toBeLessThan(1e-4);
    }
  });
});

describe('a backend that is broken is exit 3', () => {
  // TensorFlow.js warns of every kernel that is registered twice.
  vi.spyOn(console, 'warn').mockImplementation(() => {});

  const solver = (factory: BackendFactory): Solver => ({
    name: factory.name,
    solve: (work) => solveOn(factory, work),
  });
  const mutant = (id: string): Solver =>
    solver(
      mutantBackend(
        MUTANTS.find((one) => one.id === id)!,
        () => import('@tensorflow/tfjs-backend-cpu'),
      ),
    );

  async function outcome(problem: Problem, solvers: readonly Solver[]) {
    const host = recordingHost();
    const code = await compareOn(host, problem, solvers, { width: 80 });
    return { code, done: host.events.at(-1)!, text: host.text.join('\n') };
  }

  test.each([
    ['causal off by one', CASE, 'weights'],
    ['scale dropped', 'scale/dot/default/d64', 'weights'],
    ['gradient of the key with the wrong sign', CASE, 'dKey'],
    ['results too large by a hundred-thousandth', CASE, 'context'],
    ['NaN on a masked row', 'masks/dot/causal-offset-negative', 'context'],
  ])('%s', async (id, name, output) => {
    const { code, done, text } = await outcome(caseProblem(name), [solver(cpu()), mutant(id)]);
    expect(code).toBe(3);
    expect(done).toMatchObject({ passed: false });
    const failed = done['failed'] as { backend: string; output: string }[];
    expect(failed.map(({ backend }) => backend)).not.toContain('cpu');
    expect(failed.map((one) => one.output)).toContain(output);
    expect(text).toMatch(/\d+ of \d+ outputs (is|are) past what is allowed; furthest off is mutant/);
  });

  test.each([
    ['gradients of the additive vector zero', 'gradient/attention/vector'],
    ['lengths off by one', 'weights'],
    ['additive tanh approximated to 1e-3', 'weights'],
  ])('in a model: %s', async (id, output) => {
    const { code, done } = await outcome(await smallModel(), [solver(cpu()), mutant(id)]);
    expect(code).toBe(3);
    const failed = done['failed'] as { backend: string; output: string }[];
    expect(failed.map(({ backend }) => backend)).not.toContain('cpu');
    expect(failed.map((one) => one.output)).toContain(output);
  });
});
