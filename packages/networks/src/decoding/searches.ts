import { beamSearch, planBeam, type BeamOptions } from './beam.js';
import type { Decoding, OutputSymbols } from './decoding.js';
import { greedySearch, type GreedyOptions } from './greedy.js';
import { checkLengthOptions, type Hypothesis } from './hypothesis.js';
import { stepsWhileAlive, whileAlive } from '@heed/nn';
import { watchGreedy, type WatchedStep, type WatchOptions } from './watch.js';

/** A search over some sources, begun. */
export interface Search {
  readonly decoding: Decoding;
  /** Lengths of the sources. */
  readonly lengths: Int32Array;
  readonly symbols: OutputSymbols;
  close(): void;
}

/** What the searches need of an encoder–decoder. */
interface Searched {
  /** @throws HeedError DISPOSED */
  assertAlive(call: string): void;
  /** @throws HeedError INVALID_ARGUMENT for sources that the model can't be given */
  check(sources: readonly (readonly string[])[]): void;
  /** Encodes the sources; K rows of the decoding belong to each. */
  open(sources: readonly (readonly string[])[], beams: number): Search;
}

type Sources = readonly (readonly string[])[];

/** Greedy and beam search of any number of sources, and greedy search step by step of one. */
export function searches({ assertAlive, check, open }: Searched) {
  async function search<T>(sources: Sources, beams: number, by: (search: Search) => Promise<T[]>): Promise<T[]> {
    const search = open(sources, beams);
    try {
      return await by(search);
    } finally {
      search.close();
    }
  }

  return {
    async greedy(sources: Sources, options: GreedyOptions = {}): Promise<Hypothesis[]> {
      checkLengthOptions('greedy', options);
      return whileAlive(
        () => assertAlive('greedy'),
        () => {
          check(sources);
          return inChunks(sources, CHUNK, (chunk) =>
            search(chunk, 1, ({ decoding, lengths, symbols }) => greedySearch(decoding, lengths, symbols, options)),
          );
        },
      );
    },
    async beam(sources: Sources, options: BeamOptions = {}): Promise<Hypothesis[][]> {
      const plan = planBeam(options);
      return whileAlive(
        () => assertAlive('beam'),
        () => {
          check(sources);
          return inChunks(sources, Math.ceil(CHUNK / plan.width), (chunk) =>
            search(chunk, plan.width, ({ decoding, lengths, symbols }) => beamSearch(decoding, lengths, symbols, plan)),
          );
        },
      );
    },
    watch(source: readonly string[], options: WatchOptions = {}): AsyncGenerator<WatchedStep> {
      return stepsWhileAlive(
        () => assertAlive('watch'),
        async function* () {
          checkLengthOptions('watch', options);
          const { decoding, lengths, symbols, close } = open([source], 1);
          try {
            yield* watchGreedy(decoding, lengths[0], symbols, options);
          } finally {
            close();
          }
        },
      );
    },
  };
}

// Rows of one decoding, beams included: enough for matrix products to be efficient, few enough to stay small.
const CHUNK = 256;

/** Sources of like length together, results in the order of the sources. */
async function inChunks<T>(sources: Sources, size: number, decode: (chunk: Sources) => Promise<T[]>): Promise<T[]> {
  const order = sources.map((_, n) => n).toSorted((a, b) => sources[a].length - sources[b].length);
  const results = Array.from<T>({ length: sources.length });
  for (let start = 0; start < order.length; start += size) {
    const chunk = order.slice(start, start + size);
    const decoded = await decode(chunk.map((n) => sources[n]));
    chunk.forEach((n, i) => (results[n] = decoded[i]!));
  }
  return results;
}
