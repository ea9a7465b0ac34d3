import { HeedError, fnv1a, philox4x32, philoxKey } from '@heed/base';

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
  return philox4x32([fnv1a(key), key.length, 0, 0], philoxKey(seed))[0] / TWO_32;
}

const TWO_32 = 2 ** 32;
