import { Worker } from 'node:worker_threads';
import type { Expected, Numbers } from '@heed/conformance';
import { HeedError } from '@heed/base';
import type { ConfigFile } from '../config/find-config.js';
import type { Problem, ReferenceWork } from './problem.js';
import { GRADIENT } from './solve.js';

/**
 * What a model makes of some words: the scores of every symbol and the attention weights at each place, the loss, and its
 * gradient in every parameter; of a pretrained model its logits, states and attention weights.
 *
 * @param config the file that brought mechanisms, which the thread of the reference reads for itself: functions can't be sent to it
 */
export async function modelProblem(title: string, work: ReferenceWork['work'], config?: ConfigFile): Promise<Problem> {
  const { exact, nudged } = await reference({ work, config });
  const isGradient = (name: string): boolean => name.startsWith(GRADIENT);
  const gradients = Object.keys(exact).filter(isGradient);
  // One backward pass makes all gradients; the small ones are sums of numbers as large as the others.
  const unit = Math.max(...gradients.map((name) => largest(exact[name].values)));
  const expected = Object.entries(exact).map(([name, { shape, values }]): [string, Expected] => [
    name,
    {
      shape,
      values: Float64Array.from(values),
      // In the place of the error of a naive form: a model is many ops, each of which may be off by that much.
      naive: Float64Array.from(nudged[name].values),
      ...(isGradient(name) && unit > 0 && { unit }),
    },
  ]);
  return {
    title,
    work,
    against: "the same model composed of TensorFlow.js's ops on its cpu engine, in float64",
    allowed:
      '16 spacings of float32 (at 1; for gradients, at the largest of them), or twice the effect of moving every parameter ' +
      'by 16 spacings, which grows with how sensitive the model is',
    expected: Object.fromEntries(expected),
  };
}

function largest(values: ArrayLike<number>): number {
  let most = 0;
  for (let n = 0; n < values.length; n++) most = Math.max(most, Math.abs(values[n]));
  return most;
}

/** What the model is by its formulas, see `reference-worker.ts`. */
function reference(workerData: ReferenceWork): Promise<{ exact: Numbers; nudged: Numbers }> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./reference-worker.js', import.meta.url), { workerData });
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => {
      reject(
        new HeedError('OUT_OF_MEMORY', { message: `the reference was not computed: its thread ended with ${code}` }),
      );
    });
  });
}
