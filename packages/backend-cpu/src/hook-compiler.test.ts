import '@tensorflow/tfjs-backend-cpu';
import { derivativeOf, scoreHook, type HookPart } from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, expect, test, vi } from 'vitest';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

const gain = tf.tensor2d([
  [1, 2, 3],
  [-1, 0.5, 4],
]);
const hook = scoreHook(
  ({ score, head, key, query }, { gain }) =>
    query
      .gt(key)
      .select(score.mul(gain.at(head, key.mod(3))), score.exp().tanh().sub(gain.at(head, key)))
      .pow(1.5),
  { gain },
);
const part: HookPart = { program: hook.program, captures: [{ start: 0, shape: [2, 3] }] };

/** A tile's results and gradients, with the module as it is now. */
async function run(): Promise<{ results: number[]; gradients: number[]; sums: number[] }> {
  const { HookRows } = await import('./hook-rows.js');
  const { ROWS, COLS } = await import('./tile.js');
  const captures = Float32Array.from(gain.dataSync());
  const input = Float64Array.from({ length: ROWS * COLS }, (_, n) => Math.sin(n));
  const [results, gradients] = [new Float64Array(ROWS * COLS), Float64Array.from(input, (x) => (x > 0.5 ? 0 : x))];
  const sums = new Float64Array(6);
  const place = [0, 1, 4, 6, 0, 10] as const;
  const lengths = { queries: 20, keys: 30 };
  new HookRows(part, captures, lengths).run(input, results, place);
  new HookRows(part, captures, lengths, sums).run(input, gradients, place);
  return { results: [...results], gradients: [...gradients], sums: [...sums] };
}

test('where code of strings is forbidden, the same comes of going through the steps', async () => {
  const compiled = await run();
  vi.resetModules();
  const forbidden = vi.fn(function () {
    throw new EvalError('unsafe-eval is not an allowed source of script');
  });
  vi.stubGlobal('Function', forbidden);
  const interpreted = await run();
  vi.unstubAllGlobals();
  expect(forbidden).toHaveBeenCalled();
  for (const name of ['results', 'gradients', 'sums'] as const) {
    for (const [n, x] of interpreted[name].entries()) {
      const difference = Math.abs(x - compiled[name][n]);
      expect(Number.isNaN(x) ? Number.isNaN(compiled[name][n]) : difference < 1e-9, `${name} ${n}`).toBe(true);
    }
  }
  expect(compiled.results.filter((x) => x !== 0).length).toBeGreaterThan(40);
  expect(compiled.sums.some((x) => x !== 0)).toBe(true);
});

test('what was compiled serves other lengths and other tensors', async () => {
  const { compileRow } = await import('./hook-compiler.js');
  const { steps, result } = part.program;
  const wanted = { steps, result, reads: [], skipsZeros: false, captures: [{ layout: 0, rank: 2 }] };
  const again = scoreHook(
    ({ score, head, key, query }, { gain }) =>
      query
        .gt(key)
        .select(score.mul(gain.at(head, key.mod(3))), score.exp().tanh().sub(gain.at(head, key)))
        .pow(1.5),
    { gain: tf.ones([7, 9]) },
  );
  expect(compileRow({ ...wanted, steps: again.program.steps, result: again.program.result })).toBe(compileRow(wanted));
  expect(derivativeOf(again.program).reads).toHaveLength(2);
});
