import { philox4x32, philoxKey } from '@heed/base';
import type { Dropout } from './request.js';

/**
 * Dropout of attention weights by Philox, so that the same mask comes out on every backend.
 *
 * @returns for weight number n of the row-major [B, H, Tq, Tk] array: 1/(1 − rate) when it is kept, 0 when it is dropped
 */
export function dropoutFactor({ rate, seed }: Dropout): (n: number) => number {
  const key = philoxKey(seed);
  const threshold = Math.floor(rate * TWO_32);
  const kept = 1 / (1 - rate);
  return (n) => (philox4x32([n % TWO_32, Math.floor(n / TWO_32), 0, 0], key)[0] >= threshold ? kept : 0);
}

const TWO_32 = 2 ** 32;
