import { shuffle, uniform } from '@heed/base';
import type { Example } from '@heed/metrics';
import type { Toy, ToySetup } from '../../engine/jobs.js';

export const LETTERS = [...'abcdefgh'];
// Least number of letters of a row, and greatest. No letter comes twice in a row, so that one place alone is right.
const SHORTEST = 3;
const LONGEST = LETTERS.length;

const placesOf = (letters: readonly string[]): number[] => letters.map((_, place) => place);

/** Places of the source from which a toy writes its letters, one after another. They define it. */
export const PLACES: Readonly<Record<Toy, (source: readonly string[]) => readonly number[]>> = {
  copy: placesOf,
  reverse: (source) => placesOf(source).toReversed(),
  sort: (source) => placesOf(source).toSorted((a, b) => (source[a] < source[b] ? -1 : 1)),
};

/** Different rows of letters, each with what a toy writes of it. */
export function drawRows({ toy, seed }: ToySetup, count: number): Example[] {
  const random = uniform({ stream: 'inputs', seed, name: 'toy rows' });
  const sources = new Map<string, readonly string[]>();
  while (sources.size < count) {
    const length = SHORTEST + Math.floor(random() * (LONGEST - SHORTEST + 1));
    const source = shuffle([...LETTERS], random).slice(0, length);
    sources.set(source.join(''), source);
  }
  return [...sources.values()].map((source) => ({
    source,
    targets: [PLACES[toy](source).map((place) => source[place])],
  }));
}
