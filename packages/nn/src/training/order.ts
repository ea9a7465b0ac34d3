import type { Lengths } from './trainable.js';
import { shuffle, uniform } from '@heed/base';

/**
 * The batches of an epoch, as numbers of items: every item once, those of a group after each other, groups of like lengths together so that
 * little is padded, the batches themselves in random order. A pure function of its arguments, so an interrupted epoch is found again.
 *
 * @param groups numbers of items, each in one group
 */
export function epochBatches(
  items: readonly Lengths[],
  groups: readonly (readonly number[])[],
  { batchSize, seed, epoch }: { batchSize: number; seed: number; epoch: number },
): number[][] {
  const random = uniform({ stream: 'models', seed, name: 'order', index: epoch });
  const longest = (key: keyof Lengths): number[] =>
    groups.map((group) => group.reduce((most, n) => Math.max(most, items[n][key]), 0));
  const [source, target] = [longest('source'), longest('target')];
  const shuffled = shuffle(
    groups.map((_, n) => n),
    random,
  );
  // Sorting is stable, so groups of equal lengths stay shuffled.
  const order = shuffled.toSorted((a, b) => source[a] - source[b] || target[a] - target[b]).flatMap((n) => groups[n]);
  const batches: number[][] = [];
  for (let start = 0; start < order.length; start += batchSize) batches.push(order.slice(start, start + batchSize));
  return shuffle(batches, random);
}

export const batchesPerEpoch = (items: number, batchSize: number): number => Math.ceil(items / batchSize);
