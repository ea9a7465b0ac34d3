import { multiHead, type AttentionMechanism, type PreparedMemory } from '@heed/attention';
import * as tf from '@tensorflow/tfjs-core';
import { contest } from '../contest.js';
import { inputs } from '../computations.js';
import { atMost, type BenchCase } from './case.js';
import type { System } from './system.js';

const WIDTH = 512;
const HEADS = 8;
/** Most of the time that reading the keys and values of all positions once takes, and from where on that outweighs the projections of a step. */
const TARGET = 1.3;
const TARGET_FROM = 10_000;

/** Cases that hold a step of decoding, which appends to a cache and attends to it, against attending to a cache that stands still. */
export const append: readonly BenchCase[] = [
  ...[1000, 5000, 10_000].map((length) => grows(`append-${length}`, length, {})),
  grows('append-ring', 1004, { streaming: { sinks: 4, window: 1000, positions: 'text' } }),
];

function grows(name: string, length: number, options: Pick<Parameters<typeof multiHead>[0], 'streaming'>): BenchCase {
  const what = options.streaming ? 'a ring' : 'a cache';
  const title = `append to ${what} of ${length} positions and attend, multi-head attention B1 H${HEADS} D${WIDTH / HEADS}`;
  return {
    name,
    title,
    async run(engines, rounds) {
      await engines.heed(1)!.enter();
      const given = inputs([
        [1, length, WIDTH],
        [1, 1, WIDTH],
      ]);
      const [held, row] = given.map(({ shape, values }) => tf.tensor(values, [...shape]));
      const mechanism = multiHead({
        queryWidth: WIDTH,
        memoryWidth: WIDTH,
        heads: HEADS,
        seed: 1,
        rotary: {},
        ...options,
      });
      const cache = { mechanism, held, row, enter: () => engines.heed(1)!.enter() } as Cache;
      const systems = [steps('attend alone', cache, false), steps('append and attend', cache, true)];
      const standings = await contest(systems, rounds);
      for (const system of systems) await system.dispose();
      mechanism.dispose();
      tf.dispose([held, row]);
      const targets =
        length < TARGET_FROM ? [] : [atMost(`${name}: times attending alone`, TARGET, standings[1]!.ratio, '×')];
      return { case: name, title, standings, targets, leftOut: [] };
    },
  };
}

interface Cache {
  readonly mechanism: AttentionMechanism;
  readonly held: tf.Tensor3D;
  readonly row: tf.Tensor3D;
  enter(): Promise<void>;
}

/** Steps of decoding on one thread. Each turn begins anew at the same length; the first step of it, which makes room, isn't timed. */
function steps(name: string, { mechanism, held, row, enter }: Cache, isGrowing: boolean): System {
  let memory: PreparedMemory | undefined;
  return {
    name,
    computes: name,
    async enter() {
      await enter();
      memory?.dispose();
      memory = mechanism.prepare(held);
    },
    run() {
      if (isGrowing) memory!.append(row);
      const { context } = mechanism.attend(row, memory!, { alignment: { align: 'bottom-right' } });
      const results = [context.dataSync<'float32'>()];
      context.dispose();
      return Promise.resolve(results);
    },
    dispose: () => Promise.resolve(memory?.dispose()),
  };
}
