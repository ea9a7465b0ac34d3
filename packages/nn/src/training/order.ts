import type { Lengths } from './trainable.js';
import { shuffle, uniform } from '@heed/base';

/**
 * The batches of an epoch, as numbers of pairs: every pair once, pairs of like lengths together so that little is padded,
 * the batches themselves in random order. A pure function of its arguments, so an interrupted epoch is found again.
 */
export function epochBatches(
  pairs: readonly Lengths[],
  { batchSize, seed, epoch }: { batchSize: number; seed: number; epoch: number },
): number[][] {
  const random = uniform({ stream: 'models', seed, name: 'order', index: epoch });
  const order = shuffle(
    pairs.map((_, n) => n),
    random,
  );
  // Sorting is stable, so pairs of equal lengths stay shuffled.
  order.sort((a, b) => pairs[a].source - pairs[b].source || pairs[a].target - pairs[b].target);
  const batches: number[][] = [];
  for (let start = 0; start < order.length; start += batchSize) batches.push(order.slice(start, start + batchSize));
  return shuffle(batches, random);
}

export const batchesPerEpoch = (pairs: number, batchSize: number): number => Math.ceil(pairs / batchSize);
