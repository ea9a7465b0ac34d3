import { HeedError, fnv1a, philox4x32, philoxKey } from '@heed/base';

export interface Shares {
  readonly validation: number;
  readonly test: number;
}

export type Split = 'train' | 'validation' | 'test';

/**
 * Function that assigns a split by the hash of a key. So an entry stays in its split when others are added, removed or reordered,
 * and entries with the same key are in the same split. The sizes of the splits match the shares only on average.
 */
export function splitter(seed: number, shares: Shares): (key: string) => Split {
  assertSplit(seed, shares);
  const { validation, test } = shares;
  return (key) => {
    const at = positionOf(key, seed);
    return at < test ? 'test' : at < test + validation ? 'validation' : 'train';
  };
}

/**
 * Refuses a seed or shares that are out of range.
 *
 * @throws HeedError INVALID_ARGUMENT
 */
export function assertSplit(seed: number, { validation, test }: Shares): void {
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
}

/** Position of a key in [0, 1), where the test's share comes first and then validation's: its FNV-1a hash, mixed with the seed by Philox, since FNV alone isn't quite uniform. */
export function positionOf(key: string, seed: number): number {
  return philox4x32([fnv1a(key), key.length, 0, 0], philoxKey(seed))[0] / TWO_32;
}

const TWO_32 = 2 ** 32;
