import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { BACKENDS, useBackend } from '../../test/backends.js';
import { KeyValueCache } from './key-value-cache.js';

const positions = (from: number, count: number): tf.Tensor4D =>
  tf.tensor4d(
    Array.from(
      { length: 2 * count * 3 },
      (_, n) => 100 * Math.floor(n / (3 * count)) + from + (Math.floor(n / 3) % count),
    ),
    [2, 1, count, 3],
  );
const added = (from: number, count: number) => () => ({
  key: positions(from, count),
  value: tf.neg(positions(from, count)),
});

/** The first number of each position of a row. */
const firsts = (kept: tf.Tensor4D, row: number, length: number): number[] =>
  Array.from(tf.slice(kept, [row, 0, 0, 0], [1, 1, length, 1]).dataSync());
const upTo = (length: number, row = 0): number[] => Array.from({ length }, (_, n) => 100 * row + n);

describe.each(BACKENDS)('$name', (backend) => {
  useBackend(backend);

  it('has all positions in order, however often its room doubles, and leaves none behind', () => {
    const before = tf.memory().numTensors;
    const cache = new KeyValueCache();
    const layer = {};
    let length = 0;
    for (const count of [3, ...Array.from({ length: 40 }, () => 1), 50]) {
      tf.tidy(() => {
        const { key, value } = cache.append(layer, added(length, count));
        length += count;
        for (const row of [0, 1]) {
          expect(firsts(key, row, length)).toEqual(upTo(length, row));
          expect(firsts(value, row, length)).toEqual(upTo(length, row).map((n) => -n));
        }
      });
      expect(tf.memory().numTensors).toBe(before + 2);
    }
    cache.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('takes rows anew, and goes on after them', () => {
    const cache = new KeyValueCache();
    const layer = {};
    tf.tidy(() => {
      cache.append(layer, added(0, 5));
    });
    cache.gather(Int32Array.of(1, 1));
    tf.tidy(() => {
      const { key } = cache.append(layer, added(5, 1));
      expect(firsts(key, 0, 6)).toEqual([...upTo(5, 1), 5]);
      expect(firsts(key, 1, 6)).toEqual(upTo(6, 1));
    });
    cache.dispose();
  });

  it('asks for those of a source once', () => {
    const before = tf.memory().numTensors;
    const cache = new KeyValueCache();
    const layer = {};
    tf.tidy(() => {
      cache.once(layer, added(0, 4));
    });
    tf.tidy(() => {
      const { key } = cache.once(layer, () => expect.fail('they are there'));
      expect(firsts(key, 1, 4)).toEqual(upTo(4, 1));
    });
    cache.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
