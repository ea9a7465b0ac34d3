import { util } from '@tensorflow/tfjs-core';
import type { ScatterAttributes } from './spec.js';

/** Calls back with where each piece of the update lies, where it goes in the cache, and how many numbers it has. */
export function eachPiece(
  cache: readonly number[],
  { axis, steps, starts }: ScatterAttributes,
  copy: (from: number, to: number, count: number) => void,
): void {
  const [batch, slots] = [cache[0], cache[axis]];
  const outer = util.sizeFromShape(cache.slice(1, axis));
  const width = util.sizeFromShape(cache.slice(axis + 1));
  for (let b = 0; b < batch; b++) {
    // In one piece up to the last slot, and the rest from slot 0 on.
    const first = Math.min(steps, slots - starts[b]);
    for (let row = b * outer; row < (b + 1) * outer; row++) {
      const [from, to] = [row * steps * width, row * slots * width];
      copy(from, to + starts[b] * width, first * width);
      if (first < steps) copy(from + first * width, to, (steps - first) * width);
    }
  }
}
