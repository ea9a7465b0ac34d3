import { HeedError, philox4x32 } from '@heed/core';

export interface Shares {
  readonly validation: number;
  readonly test: number;
}

export type Part = 'train' | 'validation' | 'test';

/**
 * Assigns by the hash of a key, so an entry stays in its part when others come or go, whatever their order, and equal
 * keys can't be torn apart. The parts' sizes are the shares only on average.
 */
export function splitter(seed: number, { validation, test }: Shares): (key: string) => Part {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `split: seed is ${seed}`,
      hint: 'an integer in [0, 2^53)',
    });
  }
  if (!(validation >= 0 && test >= 0 && validation + test < 1)) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `split: shares of validation ${validation} and test ${test} leave nothing to train on`,
      hint: 'both are at least 0 and their sum is below 1',
    });
  }
  return (key) => {
    const at = uniform(key, seed);
    return at < test ? 'test' : at < test + validation ? 'validation' : 'train';
  };
}

/** In [0, 1): the key's FNV-1a hash, mixed with the seed by Philox, whose output is uniform where FNV's is not quite. */
function uniform(key: string, seed: number): number {
  return philox4x32([fnv1a(key), key.length, 0, 0], [seed % TWO_32, Math.floor(seed / TWO_32)])[0] / TWO_32;
}

const TWO_32 = 2 ** 32;

/** @see http://www.isthe.com/chongo/tech/comp/fnv/ (32 bits; offset basis and prime are the algorithm's) */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
