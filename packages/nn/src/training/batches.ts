import { HeedError } from '@heed/core';
import { batchesPerEpoch, epochBatches } from './order.js';
import type { Network, Trainable } from './trainable.js';
import type { TrainingConfig } from './training-config.js';

/** The items of each step, which follow from the step alone. */
export interface Batches<Item> {
  /** Steps of one pass over all items. */
  readonly perEpoch: number;
  /** @param step updates made before */
  at(step: number): Item[];
}

/**
 * What a network makes of examples, in batches of like lengths.
 *
 * @throws HeedError INVALID_ARGUMENT when there is nothing to learn
 */
export function createBatches<Example, Item>(
  network: Pick<Network<unknown, Trainable<Item>, Example, Item>, 'items' | 'lengths' | 'together'>,
  examples: readonly Example[],
  { batchSize, seed }: Pick<TrainingConfig, 'batchSize' | 'seed'>,
): Batches<Item> {
  const items = examples.flatMap((example) => network.items(example));
  if (items.length === 0) throw new HeedError('INVALID_ARGUMENT', { message: 'training: there are no examples' });
  const lengths = items.map((item) => network.lengths(item));
  const groups = groupsOf(items, network.together);
  const perEpoch = batchesPerEpoch(items.length, batchSize);
  let epoch = { number: -1, batches: [] as number[][] };
  return {
    perEpoch,
    at(step) {
      const number = Math.floor(step / perEpoch);
      if (number !== epoch.number)
        epoch = { number, batches: epochBatches(lengths, groups, { batchSize, seed, epoch: number }) };
      return epoch.batches[step % perEpoch].map((n) => items[n]!);
    },
  };
}

/** Numbers of the items that are to be together; without anything that says which, each is alone. */
function groupsOf<Item>(items: readonly Item[], together?: (item: Item) => unknown): number[][] {
  if (together === undefined) return items.map((_, n) => [n]);
  const groups = new Map<unknown, number[]>();
  items.forEach((item, n) => {
    const key = together(item) ?? item;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [n]);
    else group.push(n);
  });
  return [...groups.values()];
}
