import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { createAttention } from '../src/recurrent/attention.js';
import type { AttentionChoice } from '../src/recurrent/config.js';
import { Parameters } from '@heed/nn';
import { HOST, useEngine, values } from '../../nn/test/engines.js';

const CHOICES: readonly AttentionChoice[] = [
  { kind: 'additive', units: 5 },
  { kind: 'additive', units: 5, normalized: true },
  { kind: 'concat', units: 5 },
  { kind: 'cosine' },
  { kind: 'dot' },
  { kind: 'general' },
  { kind: 'multiHead', heads: 2 },
  { kind: 'scaledDotProduct' },
];

describe('attention over padded memories', () => {
  beforeAll(() => useEngine(HOST));
  const lengths = Int32Array.of(4, 1, 2);
  const encoded = () => ({ memory: tf.tensor3d(values(3 * 4 * 6), [3, 4, 6]), lengths, last: {} });
  const queries = () => tf.tensor3d(values(3 * 2 * 6, 5), [3, 2, 6]);

  it.each(CHOICES)('$kind gives padding a weight of exactly 0', (choice) => {
    const parameters = new Parameters(1);
    const attention = createAttention(choice, parameters, { queryWidth: 6, memoryWidth: 6 });
    const prepared = attention.prepare(encoded());
    const { weights } = prepared.attend(queries(), { returnWeights: true });
    expect(weights!.shape).toEqual([3, 2, 4]);
    weights!.arraySync().forEach((rows, b) => {
      for (const row of rows) {
        expect(row.slice(lengths[b])).toEqual(Array.from({ length: 4 - lengths[b] }, () => 0));
        expect(row.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 5);
      }
    });
    prepared.dispose();
    parameters.dispose();
  });

  it('none sees the same last states at every step', () => {
    const attention = createAttention({ kind: 'none' }, new Parameters(1), { queryWidth: 6, memoryWidth: 4 });
    const last = { forward: tf.tensor2d([[1, 2]]), backward: tf.tensor2d([[3, 4]]) };
    const prepared = attention.prepare({ memory: tf.zeros([1, 3, 4]), lengths: Int32Array.of(3), last });
    const { context, weights } = prepared.attend(tf.zeros([1, 2, 6]), { returnWeights: true });
    expect(context.arraySync()).toEqual([
      [
        [1, 2, 3, 4],
        [1, 2, 3, 4],
      ],
    ]);
    expect(weights).toBeUndefined();
    prepared.dispose();
  });
});
