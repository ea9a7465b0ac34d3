import { evenly } from './evenly.js';
import type { Sides } from './own-pair.js';

/** A source with its targets, as texts. */
export interface PairTexts {
  readonly text: string;
  readonly references: readonly string[];
}

/**
 * Greatest length to learn from, in units: twice what 99 of 100 of a sample have at most, so that a few very long ones don't make
 * every step slow. From 64 to 512.
 */
export function defaultLongest(pairs: readonly PairTexts[], { source, target }: Sides): number {
  const lengths = evenly(pairs, SAMPLE)
    .flatMap(({ text, references }) =>
      [source.lengthOf(text)].concat(references.map((reference) => target.lengthOf(reference))),
    )
    .toSorted((a, b) => a - b);
  const usual = lengths[Math.floor(0.99 * (lengths.length - 1))] ?? 0;
  return Math.max(LEAST, Math.min(MOST, 2 * usual));
}

// Pairs that are cut to find out what is usual.
const SAMPLE = 20_000;
const LEAST = 64;
const MOST = 512;

/** The pair without targets that are too long; undefined when its source or all of its targets are. */
export function learnable(pair: PairTexts, { source, target }: Sides, longest: number): PairTexts | undefined {
  if (isShort(pair.text, source, longest) && pair.references.every((text) => isShort(text, target, longest)))
    return pair;
  if (!isShort(pair.text, source, longest)) return undefined;
  const references = pair.references.filter((text) => isShort(text, target, longest));
  return references.length === 0 ? undefined : { ...pair, references };
}

/** Whether a text has at most so many units. A unit is one UTF-16 code unit at least, so most needn't be cut. */
const isShort = (text: string, side: Sides['source'], longest: number): boolean =>
  text.length < longest || side.lengthOf(text) <= longest;
