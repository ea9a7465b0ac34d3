import { philox4x32 } from '@heed/core';

const TWO_32 = 2 ** 32;
// The last counter word keeps these numbers apart from those of attention dropout (0) and of mechanisms' parameters (1).
const DOMAIN = 2;

/** What a sequence of random numbers is for; equal purposes of one seed give equal numbers. */
export interface Purpose {
  /** An integer in [0, 2⁵³). */
  readonly seed: number;
  readonly name: string;
  /** An integer in [0, 2³²): the epoch, the step, … */
  readonly index?: number;
}

/**
 * Uniform numbers in (0, 1), a pure function of the purpose: nothing has to be saved to continue an interrupted run.
 * Blocks of four share one evaluation of Philox.
 */
export function uniform({ seed, name, index = 0 }: Purpose): () => number {
  const key = [seed % TWO_32, Math.floor(seed / TWO_32)] as const;
  const hash = fnv1a(name);
  let block = 0;
  let at = 4;
  let words: readonly number[] = [];
  return () => {
    if (at === 4) {
      words = philox4x32([block++, index, hash, DOMAIN], key);
      at = 0;
    }
    return (words[at++] + 0.5) / TWO_32;
  };
}

/** Fisher and Yates: every order is equally likely. Shuffles in place. */
export function shuffle<T>(items: T[], random: () => number): T[] {
  for (let i = items.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [items[i], items[j]] = [items[j]!, items[i]!];
  }
  return items;
}

/** @see http://www.isthe.com/chongo/tech/comp/fnv/ (32 bits; offset basis and prime are the algorithm's) */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
