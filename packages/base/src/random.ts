import { fnv1a } from './fnv1a.js';
import { philox4x32 } from './philox.js';

/**
 * Streams of random numbers, by their use. A stream's number is the last word of Philox's counter, so two streams never share
 * numbers, whatever their seeds and names are.
 */
export const STREAMS = {
  /** Dropout of attention weights, whose counters the kernels compute themselves; also splits and samples of data. */
  attentionDropout: 0,
  /** Initial values of a mechanism's parameters, by their keys. */
  parameters: 1,
  /** Other random numbers of models: order of examples, dropout, initial values, sampling. */
  models: 2,
  /** Seeds of dropout for the steps of attention that goes step by step. */
  attentionSteps: 3,
  /** Random inputs for demonstrations. */
  inputs: 4,
  /** Generated stories of the question-answering data. */
  stories: 7,
  /** Changes of pictures that a model learns from. */
  pictures: 8,
  /** Settings of a sweep that are drawn by lot. */
  sweeps: 9,
} as const;

/** Identity of a sequence of random numbers: equal purposes give equal numbers. */
export interface Purpose {
  /** An integer in [0, 2⁵³). */
  readonly seed: number;
  readonly stream: keyof typeof STREAMS;
  /** Second word of the counter, in [0, 2³²): the epoch, the step, … 0 by default. */
  readonly index?: number;
  /** Third word of the counter: a name, which gets hashed, or a number in [0, 2³²). */
  readonly name: string | number;
}

/** The two key words of Philox that a seed gives. */
export const philoxKey = (seed: number): [number, number] => [seed % TWO_32, Math.floor(seed / TWO_32)];

/**
 * Uniform numbers in (0, 1) by their index n in the sequence: a pure function of purpose and index. Consecutive calls for
 * numbers of the same block of four share one evaluation of Philox.
 */
export function uniformAt({ seed, stream, index = 0, name }: Purpose): (n: number) => number {
  const word = wordsAt({ seed, stream, index, name });
  return (n) => (word(n) + 0.5) / TWO_32;
}

/** Uniform numbers in (0, 1), one after another. An interrupted run makes them again from the purpose, so nothing is saved. */
export function uniform(purpose: Purpose): () => number {
  const at = uniformAt(purpose);
  let n = 0;
  return () => at(n++);
}

/** `count` standard normal numbers, determined by the purpose alone; Box & Muller 1958 makes two from two uniform ones. */
export function normals(count: number, purpose: Purpose): Float32Array {
  const at = uniformAt(purpose);
  return Float32Array.from({ length: count }, (_, n) => {
    const first = n - (n % 2);
    const radius = Math.sqrt(-2 * Math.log(at(first)));
    const angle = 2 * Math.PI * at(first + 1);
    return radius * (n === first ? Math.cos(angle) : Math.sin(angle));
  });
}

/** Shuffles an array in place by Fisher and Yates, where every order is equally likely, and returns it. */
export function shuffle<T>(items: T[], random: () => number): T[] {
  for (let i = items.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [items[i], items[j]] = [items[j], items[i]];
  }
  return items;
}

/** `count` items chosen by the seed, the same on every machine; the whole list, unchanged, when it has no more than that. */
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

/** Random 32-bit words by their index n in the sequence. */
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
