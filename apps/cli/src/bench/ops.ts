import { additiveAttention, dotProductAttention, type AttentionBackend } from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';
import type { Output } from '../host.js';
import { withSpread } from '../timing.js';
import { beside, fastestOf, takeTurns, type Contender } from './turns.js';

/** Sizes of the ops. */
export interface Sizes {
  readonly batch: number;
  readonly heads: number;
  readonly length: number;
  readonly width: number;
}

interface Problem {
  readonly name: string;
  readonly shapes: readonly (readonly number[])[];
  readonly compute: (...tensors: tf.Tensor[]) => tf.Tensor | tf.Tensor[];
}

/** Times backends on ops of some sizes, and tells. */
export async function benchOps(
  output: Output,
  backends: readonly AttentionBackend[],
  sizes: Sizes,
  { rounds, seed }: { readonly rounds: number; readonly seed: number },
): Promise<void> {
  for (const problem of problemsOf(sizes)) {
    const contenders = backends.map((backend): Contender => ({ backend, turn: () => compute(problem, seed) }));
    const times = await takeTurns(output, problem.name, contenders, rounds);
    const fastest = fastestOf(times);
    const lines = backends.map(({ name, capabilities: { simd, threads } }, n) => {
      const time = times[n];
      const { ms, low, high } = time;
      output.event({ event: 'time', problem: problem.name, backend: name, simd, threads, ms, low, high });
      return `  ${name.padEnd(9)} ${withSpread(time).padEnd(26)} ${beside(time, fastest, output)}`;
    });
    output.print([output.paint.bold(problem.name), ...lines].join('\n'));
  }
}

function problemsOf({ batch, heads, length, width }: Sizes): Problem[] {
  const dot = [batch, heads, length, width];
  const sequence = [batch, length, width];
  const attention = (q: tf.Tensor, k: tf.Tensor, v: tf.Tensor): tf.Tensor =>
    dotProductAttention(q as tf.Tensor4D, k as tf.Tensor4D, v as tf.Tensor4D).context;
  const size = `B${batch} H${heads} T${length} D${width}`;
  return [
    { name: `dot-product attention, ${size}`, shapes: [dot, dot, dot], compute: attention as Problem['compute'] },
    {
      name: `with gradients, ${size}`,
      shapes: [dot, dot, dot, dot],
      compute: (q, k, v, dContext) => tf.grads(attention as (...x: tf.Tensor[]) => tf.Tensor)([q!, k!, v!], dContext!),
    },
    {
      name: `additive attention, B${batch} T${length} U${width}`,
      shapes: [sequence, sequence, [width], sequence],
      compute: (q, k, u, v) =>
        additiveAttention(q as tf.Tensor3D, k as tf.Tensor3D, u as tf.Tensor1D, v as tf.Tensor3D).context,
    },
  ];
}

/** Milliseconds that a problem takes. */
async function compute({ shapes, compute }: Problem, seed: number): Promise<number> {
  const tensors = shapes.map((shape, i) => tf.randomNormal([...shape], 0, 1, 'float32', seed + i));
  const start = performance.now();
  const results = [tf.tidy(() => compute(...tensors))].flat();
  for (const result of results) await result.data(); // an engine may be at work until its result is asked for
  const ms = performance.now() - start;
  tf.dispose([tensors, results]);
  return ms;
}
