import * as tf from '@tensorflow/tfjs-core';
import { countKernels, type Counted } from './counted.js';

export interface Measured {
  /** Median of the rounds, in milliseconds, the results awaited. */
  readonly ms: number;
  /** The most bytes that tensors took at once beyond those before; what a kernel takes for itself isn't seen. */
  readonly peakBytes: number;
  /** By the formulas of the ops that ran. */
  readonly counted: Counted;
}

/** How long work takes, and how much memory: once to warm up, then so many rounds. */
export async function measure(work: () => tf.Tensor[], rounds: number): Promise<Measured> {
  const before = tf.memory().numBytes;
  const { peakBytes, kernels } = await tf.profile(() => {
    tf.dispose(work());
    return [];
  });
  const times: number[] = [];
  for (let n = 0; n < rounds; n++) {
    const start = performance.now();
    const results = work();
    await results.at(-1)!.data();
    times.push(performance.now() - start);
    tf.dispose(results);
  }
  return {
    ms: times.toSorted((a, b) => a - b)[Math.floor(rounds / 2)]!,
    peakBytes: Math.max(0, peakBytes - before),
    counted: countKernels(kernels),
  };
}
