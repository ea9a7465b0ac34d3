import { multiHead, type AttentionMechanism, type PreparedMemory } from '@heed/attention';
import { replayable, type Replayable } from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';
import { contest, ratiosOf } from '../contest.js';
import { inputs } from '../computations.js';
import { atMost } from '../figure.js';
import type { BenchCase } from './case.js';
import { readingOf } from './reading.js';
import type { System } from './system.js';

const WIDTH = 512;
const HEADS = 8;
/** A length at which keys and values outweigh the projections of a step. */
const LONG = 10_000;
/** At most how many times as long a step of so many positions takes as less work. */
const TARGET = 1.3;

/**
 * Cases that hold a step of decoding, which appends to a cache and attends to it, against attending to a cache that stands still; and a long one
 * against reading its keys and values once.
 */
export const append: readonly BenchCase[] = [
  ...[1000, 5000].map((length) => grows(`append-${length}`, length, {})),
  grows(`decode-${LONG}`, LONG, {}),
  grows('append-ring', 1004, { streaming: { sinks: 4, window: 1000, positions: 'text' } }),
];

const READING = 'reading the cache once';
/** As decoders of networks do their steps. */
const REPLAYED = 'append and attend, replayed';

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
      const isLong = length >= LONG;
      const systems = [
        steps('attend alone', cache, 'attends'),
        steps('append and attend', cache, 'appends'),
        ...(isLong ? [steps(REPLAYED, cache, 'is replayed')] : []),
      ];
      const reading = { name: READING, computes: READING, run: readingOf(2 * length * WIDTH) };
      const standings = await contest([...systems, ...(isLong ? [reading] : [])], rounds);
      for (const system of systems) await system.dispose();
      mechanism.dispose();
      tf.dispose([held, row]);
      const [alone, step, replayed, once] = standings;
      const figures = [
        atMost(`${name}: times attending alone`, isLong ? TARGET : null, ratiosOf(step, alone), '×'),
        ...(isLong
          ? [
              atMost(`${name}: times ${READING}`, TARGET, ratiosOf(step, once), '×'),
              atMost(`${name}: ${REPLAYED}, times ${READING}`, TARGET, ratiosOf(replayed, once), '×'),
            ]
          : []),
      ];
      return { case: name, title, standings, figures, leftOut: [] };
    },
  };
}

interface Cache {
  readonly mechanism: AttentionMechanism;
  readonly held: tf.Tensor3D;
  readonly row: tf.Tensor3D;
  enter(): Promise<void>;
}

/** Calls after which a step is replayed: two that are recorded. */
const RECORDED = 2;

/** Steps of decoding on one thread. Each turn begins anew at the same length; the first step of it, which makes room, isn't timed. */
function steps(
  name: string,
  { mechanism, held, row, enter }: Cache,
  what: 'attends' | 'appends' | 'is replayed',
): System {
  let memory: PreparedMemory | undefined;
  let again: Replayable | undefined;
  const step = (query: tf.Tensor3D): { context: tf.Tensor } => {
    if (what !== 'attends') memory!.append(query);
    return { context: mechanism.attend(query, memory!, { alignment: { align: 'bottom-right' } }).context };
  };
  const dispose = (): void => {
    again?.dispose();
    memory?.dispose();
  };
  return {
    name,
    computes: name,
    async enter() {
      await enter();
      dispose();
      memory = mechanism.prepare(held, what === 'is replayed' ? { capacity: 2 * held.shape[1] } : {});
      if (what !== 'is replayed') return;
      again = replayable(({ query }) => step(query as tf.Tensor3D));
      for (let call = 0; call < RECORDED; call++) again({ query: row }).context.dispose();
    },
    run() {
      const { context } = again ? again({ query: row }) : step(row);
      const results = [context.dataSync<'float32'>()];
      context.dispose();
      return Promise.resolve(results);
    },
    dispose: () => Promise.resolve(dispose()),
  };
}
