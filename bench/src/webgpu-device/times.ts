import { composed, selectBackend, type BackendFactory } from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';
import { composedDotProduct, fusedDotProduct, withGradients, type Compute } from '../computations.js';
import { median, rounded } from '../statistics.js';

const HEADS = 8;
const LENGTHS = [1024, 2048, 4096, 8192, 16384];
const WIDTHS = [64, 128];
const ROUNDS = 5;

/** Products by those of the forward pass: the backward pass computes the scores anew, and has four products of their size besides. */
const WORK = { forward: 1, 'forward and backward': 3.5 } as const;
type Pass = keyof typeof WORK;

export interface Time {
  readonly pass: Pass;
  readonly length: number;
  readonly width: number;
  readonly system: 'heed' | 'composed';
  /** Median of the rounds, in milliseconds, and 10⁹ operations a second; or why it wasn't measured. */
  readonly ms?: number;
  readonly gflops?: number;
  readonly left?: string;
}

/**
 * Times of attention of 8 heads, fused and composed of TensorFlow.js's ops, taking turns.
 *
 * @param heed         the backend
 * @param largest      bytes that a buffer may have, for which composed attention has arrays of T²
 * @param until        when no other problem is begun
 */
export async function times(
  heed: BackendFactory,
  { largest, until, lengths = LENGTHS }: { largest: number; until: number; lengths?: readonly number[] },
  tell: (time: Time) => void,
): Promise<readonly Time[]> {
  const all: Time[] = [];
  for (const length of lengths)
    for (const width of WIDTHS)
      for (const pass of Object.keys(WORK) as Pass[]) {
        const problem = { pass, length, width };
        const done =
          performance.now() > until
            ? [{ ...problem, system: 'heed', left: 'the time was over' } as const]
            : await timesOf(heed, problem, largest);
        for (const one of done) {
          all.push(one);
          tell(one);
        }
      }
  return all;
}

async function timesOf(
  heed: BackendFactory,
  problem: Pick<Time, 'pass' | 'length' | 'width'>,
  largest: number,
): Promise<Time[]> {
  const { pass, length, width } = problem;
  const shape = [1, HEADS, length, width];
  await selectBackend(heed);
  const tensors = Array.from({ length: 4 }, (_, n) => tf.randomNormal(shape, 0, 1, 'float32', n + 1));
  const inputs = pass === 'forward' ? tensors.slice(0, 3) : tensors;
  const isComposable = 4 * HEADS * length ** 2 <= largest;
  const systems = [
    { system: 'heed', factory: heed, compute: pass === 'forward' ? fusedDotProduct : withGradients(fusedDotProduct) },
    {
      system: 'composed',
      factory: composed({ engine: 'webgpu' }),
      compute: pass === 'forward' ? composedDotProduct : withGradients(composedDotProduct),
    },
  ] as const;
  const running = isComposable ? systems : systems.slice(0, 1);
  const rounds = new Map<string, number[]>(running.map(({ system }) => [system, []]));
  for (let round = -1; round < ROUNDS; round++) {
    for (const { system, factory, compute } of running) {
      await selectBackend(factory);
      const ms = await timed(compute, inputs);
      if (round >= 0) rounds.get(system)!.push(ms); // the first compiles
    }
  }
  tf.dispose(tensors);
  return systems.map(({ system }): Time => {
    const own = rounds.get(system);
    if (own === undefined)
      return { pass, length, width, system, left: 'its array of T² is larger than a buffer may be' };
    const ms = median(own);
    const operations = 4 * HEADS * length ** 2 * width * WORK[pass];
    return { pass, length, width, system, ms: rounded(ms), gflops: rounded(operations / ms / 1e6) };
  });
}

/** Until a number of each result was read, which is there when all before it was computed. */
async function timed(compute: Compute, inputs: readonly tf.Tensor[]): Promise<number> {
  const start = performance.now();
  const outputs = [tf.tidy(() => compute(...inputs))].flat();
  const last = outputs.map((output) => tf.tidy(() => tf.slice(tf.reshape(output, [-1]), output.size - 1)));
  await Promise.all(last.map((one) => one.data()));
  const ms = performance.now() - start;
  tf.dispose([outputs, last]);
  return ms;
}
