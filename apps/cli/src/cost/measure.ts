import * as tf from '@tensorflow/tfjs-core';
import { timingOf, type Timing } from '../timing.js';
import { countKernels, type Counted } from './counted.js';

/** What work takes; its time is that of the results being there. */
export interface Measured extends Timing {
  /** The most bytes that tensors took at once beyond those before; what a kernel takes for itself isn't seen. */
  readonly peakBytes: number;
  /** By the formulas of the ops that ran. */
  readonly counted: Counted;
}

export type Work = () => tf.Tensor[];

/**
 * How long pieces of work take, and how much memory: each once to warm up, then in turns for so many rounds, so that a machine
 * that slows down slows all of them.
 */
export async function measureInTurns<Name extends string>(
  works: Readonly<Record<Name, Work>>,
  rounds: number,
): Promise<Record<Name, Measured>> {
  const names = Object.keys(works) as Name[];
  const profiles = {} as Record<Name, Pick<Measured, 'peakBytes' | 'counted'>>;
  const times = {} as Record<Name, number[]>;
  for (const name of names) {
    profiles[name] = await profile(works[name]);
    times[name] = [];
  }
  for (let round = 0; round < rounds; round++) {
    // Who begins changes, so that nobody always comes after the same one.
    for (let turn = 0; turn < names.length; turn++) {
      const name = names[(round + turn) % names.length]!;
      times[name].push(await time(works[name]));
    }
  }
  const measured = names.map((name) => [name, { ...timingOf(times[name]), ...profiles[name] }]);
  return Object.fromEntries(measured) as Record<Name, Measured>;
}

async function profile(work: Work): Promise<Pick<Measured, 'peakBytes' | 'counted'>> {
  const before = tf.memory().numBytes;
  const { peakBytes, kernels } = await tf.profile(() => {
    tf.dispose(work());
    return [];
  });
  return { peakBytes: Math.max(0, peakBytes - before), counted: countKernels(kernels) };
}

async function time(work: Work): Promise<number> {
  const start = performance.now();
  const results = work();
  await results.at(-1)!.data();
  const ms = performance.now() - start;
  tf.dispose(results);
  return ms;
}
