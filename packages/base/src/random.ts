import { fnv1a } from './fnv1a.js';
import { philox4x32 } from './philox.js';

/**
 * Streams of random numbers, by what they are for. A stream's number is the last word of Philox's counter, so that two of them
 * never share numbers, whatever their seeds and names are.
 */
export const STREAMS = {
  /** Dropout of attention weights, whose counters kernels make; splits and samples of data. */
  attentionDropout: 0,
  /** First values of a mechanism's parameters, by their keys. */
  parameters: 1,
  /** Everything else about models: order of examples, dropout, first values, sampling. */
  models: 2,
  /** Made-up inputs to look at. */
  inputs: 4,
  /** Made-up stories to learn from. */
  stories: 7,
} as const;

/** What a sequence of random numbers is for; equal purposes of one seed give equal numbers. */
export interface Purpose {
  /** An integer in [0, 2⁵³). */
  readonly seed: number;
  readonly stream: keyof typeof STREAMS;
  /** Second word of the counter, in [0, 2³²): the epoch, the step, … 0 by default. */
  readonly index?: number;
  /** Third word of the counter: a name, which is hashed, or a number in [0, 2³²). */
  readonly name: string | number;
}

/** A seed as Philox takes it. */
export const philoxKey = (seed: number): [number, number] => [seed % TWO_32, Math.floor(seed / TWO_32)];

/**
 * Uniform numbers by their places in the sequence, in (0, 1): a pure function of purpose and place. Places of one block of four,
 * asked for in a row, share one evaluation of Philox.
 */
export function uniformAt({ seed, stream, index = 0, name }: Purpose): (n: number) => number {
  const word = wordsAt({ seed, stream, index, name });
  return (n) => (word(n) + 0.5) / TWO_32;
}

/** Uniform numbers in (0, 1), one after another: nothing has to be saved to continue an interrupted run. */
export function uniform(purpose: Purpose): () => number {
  const at = uniformAt(purpose);
  let n = 0;
  return () => at(n++);
}

/** Standard normal numbers, so many, a function of the purpose alone: Box & Muller 1958, two of two uniform ones. */
export function normals(count: number, purpose: Purpose): Float32Array {
  const at = uniformAt(purpose);
  return Float32Array.from({ length: count }, (_, n) => {
    const first = n - (n % 2);
    const radius = Math.sqrt(-2 * Math.log(at(first)));
    const angle = 2 * Math.PI * at(first + 1);
    return radius * (n === first ? Math.cos(angle) : Math.sin(angle));
  });
}

/** Fisher and Yates: every order is equally likely. Shuffles in place. */
export function shuffle<T>(items: T[], random: () => number): T[] {
  for (let i = items.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [items[i], items[j]] = [items[j], items[i]];
  }
  return items;
}

/** So many items, chosen by the seed, the same ones on every machine; all of them, unchanged, when there are no more. */
export function sample<T>(items: readonly T[], count: number, seed: number): readonly T[] {
  if (count >= items.length) return items;
  const key = philoxKey(seed);
  const ranked = items.map((item, n) => ({ item, rank: philox4x32([n, 0, 0, STREAMS.attentionDropout], key)[0] }));
  return ranked
    .toSorted((a, b) => a.rank - b.rank)
    .slice(0, count)
    .map(({ item }) => item);
}

const TWO_32 = 2 ** 32;

/** Words of 32 bits by their places in the sequence. */
export function wordsAt({ seed, stream, index = 0, name }: Purpose): (n: number) => number {
  const key = philoxKey(seed);
  const third = typeof name === 'number' ? name : fnv1a(name);
  let block = -1;
  let words: readonly number[] = [];
  return (n) => {
    if (n >>> 2 !== block) {
      block = n >>> 2;
      words = philox4x32([block, index, third, STREAMS[stream]], key);
    }
    return words[n & 3];
  };
}
