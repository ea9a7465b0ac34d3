import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchesPerEpoch, epochBatches } from './order.js';

const alone = (lengths: readonly unknown[]): number[][] => lengths.map((_, n) => [n]);

const lengthsOf = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ source: 1 + ((n * 7) % 5), target: 1 + ((n * 3) % 4) }));

describe('epochBatches', () => {
  it('holds every pair exactly once', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 80 }),
        fc.integer({ min: 1, max: 20 }),
        fc.nat(),
        (count, batchSize, seed) => {
          const batches = epochBatches(lengthsOf(count), alone(lengthsOf(count)), { batchSize, seed, epoch: 0 });
          expect(batches).toHaveLength(batchesPerEpoch(count, batchSize));
          expect(batches.flat().toSorted((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, n) => n));
          expect(Math.max(...batches.map(({ length }) => length))).toBeLessThanOrEqual(batchSize);
        },
      ),
    );
  });

  it('is a function of seed and epoch', () => {
    const order = (seed: number, epoch: number) =>
      epochBatches(lengthsOf(50), alone(lengthsOf(50)), { batchSize: 4, seed, epoch });
    expect(order(1, 2)).toEqual(order(1, 2));
    expect(order(1, 2)).not.toEqual(order(1, 3));
    expect(order(1, 2)).not.toEqual(order(2, 2));
  });

  it('puts like lengths together, in another grouping every epoch, and mixes the batches', () => {
    const lengths = Array.from({ length: 100 }, (_, n) => ({ source: 1 + (n % 5), target: 3 })); // 20 of each length
    const batches = epochBatches(lengths, alone(lengths), { batchSize: 10, seed: 1, epoch: 0 });
    const sources = batches.map((batch) => new Set(batch.map((n) => lengths[n].source)));
    expect(sources.every(({ size }) => size === 1)).toBe(true);
    const order = sources.map(([source]) => source!);
    expect(order).not.toEqual(order.toSorted());
    const groups = (epoch: number) =>
      new Set(
        epochBatches(lengths, alone(lengths), { batchSize: 10, seed: 1, epoch }).map((batch) =>
          String(batch.toSorted((a, b) => a - b)),
        ),
      );
    expect(groups(0)).not.toEqual(groups(1));
  });

  it('keeps groups together, by the longest of each, and mixes them', () => {
    const lengths = Array.from({ length: 60 }, (_, n) => ({ source: 1, target: 1 + (n % 6) }));
    const groups = Array.from({ length: 20 }, (_, n) => [3 * n, 3 * n + 1, 3 * n + 2]);
    const batches = epochBatches(lengths, groups, { batchSize: 6, seed: 1, epoch: 0 });
    for (const batch of batches) {
      expect(batch.map((n) => Math.floor(n / 3))).toEqual([0, 0, 0, 3, 3, 3].map((at) => Math.floor(batch[at] / 3)));
      expect(new Set(batch.map((n) => Math.floor(n / 3) % 2)).size).toBe(1);
    }
    expect(batches.flat().toSorted((a, b) => a - b)).toEqual(lengths.map((_, n) => n));
    expect(epochBatches(lengths, groups, { batchSize: 6, seed: 1, epoch: 1 })).not.toEqual(batches);
  });
});
