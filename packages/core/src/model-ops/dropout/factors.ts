import { philox4x32 } from '@heed/base';
import type { DropoutAttributes } from './spec.js';

const TWO_32 = 2 ** 32;

/** A random word under this leaves its element out: those whose (word + ½)/2³² is under the rate. */
export const dropoutThreshold = ({ rate }: Pick<DropoutAttributes, 'rate'>): number =>
  Math.min(Math.max(0, Math.ceil(rate * TWO_32 - 0.5)), TWO_32 - 1);

/** 0 for the elements that are left out and 1/(1 − rate) for the others, by their places. */
export function dropoutFactors(attributes: DropoutAttributes, count: number): Float32Array {
  const { rate, key, counter } = attributes;
  const threshold = dropoutThreshold(attributes);
  const kept = 1 / (1 - rate);
  const factors = new Float32Array(count);
  for (let n = 0, block = 0; n < count; block++) {
    const words = philox4x32([block, ...counter], key);
    for (let k = 0; k < words.length && n < count; k++, n++) factors[n] = words[k] < threshold ? 0 : kept;
  }
  return factors;
}
