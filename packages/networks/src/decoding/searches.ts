import { checkAllowed, restricted, type Allowed } from './allowed.js';
import { beamSearch, planBeam, type BeamOptions } from './beam.js';
import type { Decoding, OutputSymbols, Stepper } from './decoding.js';
import { greedySearch, type GreedyOptions } from './greedy.js';
import { checkGreedyOptions, type Hypothesis } from './hypothesis.js';
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

/** What the searches need of a model with a decoder. */
interface Searched<Source> {
  /** @throws HeedError DISPOSED */
  assertAlive(call: string): void;
  /** @throws HeedError INVALID_ARGUMENT for sources that the model can't be given */
  check(sources: readonly Source[]): void;
  /** Sources of like length are searched together. */
  lengthOf(source: Source): number;
  /** Encodes the sources; K rows of the decoding belong to each. */
  open(sources: readonly Source[], beams: number): Search;
}

/** Greedy and beam search of any number of sources, and greedy search step by step of one. */
export function searches<Source>({ assertAlive, check, lengthOf, open }: Searched<Source>) {
  /** Searches in chunks of sources of like length; results are in the order of the sources. */
  async function search<T>(
    call: string,
    sources: readonly Source[],
    { beams, allowed }: { readonly beams: number; readonly allowed: readonly Allowed[] | undefined },
    by: (search: Pick<Search, 'lengths' | 'symbols'> & { readonly decoding: Stepper }) => Promise<T[]>,
  ): Promise<T[]> {
    check(sources);
    checkAllowed(call, sources.length, allowed);
    return inChunks(sources.map(lengthOf), Math.ceil(CHUNK / beams), async (chunk) => {
      const { decoding, lengths, symbols, close } = open(
        chunk.map((n) => sources[n]),
        beams,
      );
      const allowedHere = chunk.map((n) => allowed?.[n]);
      try {
        return await by({ decoding: restricted(decoding, symbols, allowedHere, beams), lengths, symbols });
      } finally {
        close();
      }
    });
  }

  return {
    async greedy(sources: readonly Source[], options: GreedyOptions = {}): Promise<Hypothesis[]> {
      checkGreedyOptions('greedy', options);
      return whileAlive(
        () => assertAlive('greedy'),
        () =>
          search('greedy', sources, { beams: 1, allowed: options.allowed }, ({ decoding, lengths, symbols }) =>
            greedySearch(decoding, lengths, symbols, options),
          ),
      );
    },
    async beam(sources: readonly Source[], options: BeamOptions = {}): Promise<Hypothesis[][]> {
      const plan = planBeam(options);
      return whileAlive(
        () => assertAlive('beam'),
        () =>
          search('beam', sources, { beams: plan.width, allowed: options.allowed }, ({ decoding, lengths, symbols }) =>
            beamSearch(decoding, lengths, symbols, plan),
          ),
      );
    },
    watch(source: Source, options: WatchOptions = {}): AsyncGenerator<WatchedStep> {
      return stepsWhileAlive(
        () => assertAlive('watch'),
        async function* () {
          checkGreedyOptions('watch', options);
          checkAllowed('watch', 1, [options.allowed]);
          const { decoding, lengths, symbols, close } = open([source], 1);
          try {
            yield* watchGreedy(restricted(decoding, symbols, [options.allowed], 1), lengths[0], symbols, options);
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

/** Numbers of sources of like length together, results in the order of the sources. */
async function inChunks<T>(
  lengths: readonly number[],
  size: number,
  decode: (chunk: readonly number[]) => Promise<T[]>,
): Promise<T[]> {
  const order = lengths.map((_, n) => n).toSorted((a, b) => lengths[a] - lengths[b]);
  const results = Array.from<T>({ length: lengths.length });
  for (let start = 0; start < order.length; start += size) {
    const chunk = order.slice(start, start + size);
    const decoded = await decode(chunk);
    chunk.forEach((n, i) => (results[n] = decoded[i]!));
  }
  return results;
}
