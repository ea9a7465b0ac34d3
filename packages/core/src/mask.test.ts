import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectError, numbers, useComposedCpu, values } from '../test/cpu-engine.js';
import {
  alibiSlopes,
  both,
  causal,
  dense,
  materialize,
  padding,
  relativePosition,
  segments,
  slidingWindow,
} from './index.js';
import { dotProductAttention, sumOf, alibi, type Alignment, type Mask } from './index.js';
import type { DenseOptions } from './mask.js';
import { normalizeMask } from './mask-parts.js';

useComposedCpu();

interface Shape {
  batch: number;
  heads: number;
  queries: number;
  keys: number;
}

/** The definition of each mask, position by position. */
function allows(mask: Mask, shape: Shape, [b, h, i, j]: [number, number, number, number]): boolean {
  const distance = (alignment: Alignment): number => {
    const { offset = alignment.align === 'bottom-right' ? shape.keys - shape.queries : 0 } = alignment;
    return j - i - (typeof offset === 'number' ? offset : offset[b]);
  };
  switch (mask.kind) {
    case 'causal':
      return distance(mask) <= 0;
    case 'slidingWindow':
      return -mask.left <= distance(mask) && distance(mask) <= mask.right;
    case 'padding':
      return j < mask.lengths[b];
    case 'segments':
      return mask.query[b][i] === mask.key[b][j];
    case 'dense': {
      const places = { b, h, q: i, k: j };
      const { rank, shape: given } = mask.tensor;
      const axes = [...(mask.axes ?? 'bhqk'.slice(4 - rank))] as (keyof typeof places)[];
      const at = axes.map((letter, axis) => (given[axis] === 1 ? 0 : places[letter]));
      return mask.tensor.bufferSync().get(...at) !== 0;
    }
    case 'both':
      return mask.masks.every((part) => allows(part, shape, [b, h, i, j]));
  }
}

const anyAlignment = (batch: number): fc.Arbitrary<Alignment> =>
  fc.oneof(
    fc.constantFrom<Alignment>({ align: 'top-left' }, { align: 'bottom-right' }),
    fc.integer({ min: -9, max: 9 }).map((offset) => ({ offset })),
    fc.array(fc.integer({ min: -9, max: 9 }), { minLength: batch, maxLength: batch }).map((offset) => ({ offset })),
  );

const ids = (batch: number, time: number): fc.Arbitrary<number[][]> => {
  const row = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: time, maxLength: time });
  return fc.array(row, { minLength: batch, maxLength: batch });
};

function anyMask(shape: Shape): fc.Arbitrary<Mask> {
  const { batch, heads, queries, keys } = shape;
  const side = fc.oneof(fc.integer({ min: 0, max: 4 }), fc.constant(Infinity));
  const axes = fc.constantFrom<[number[], DenseOptions]>(
    [[batch, heads, queries, keys], {}],
    [[heads, 1, keys], { axes: 'hqk' }],
    [[batch, queries, keys], { axes: 'bqk' }],
    [[batch, heads, 1], { axes: 'bhk' }],
    [[batch, keys], { axes: 'bk' }],
    [[heads], { axes: 'h' }],
    [[queries, keys], {}],
    [[1, queries, keys], {}],
    [[batch, 1, queries, 1], {}],
  );
  const leaf = fc.oneof<fc.Arbitrary<Mask>[]>(
    anyAlignment(batch).map(causal),
    fc.tuple(side, side, anyAlignment(batch)).map(([left, right, at]) => slidingWindow({ left, right, ...at })),
    fc.array(fc.integer({ min: 0, max: keys }), { minLength: batch, maxLength: batch }).map(padding),
    fc.tuple(ids(batch, queries), ids(batch, keys)).map(([q, k]) => segments(q, k)),
    fc
      .tuple(axes, fc.integer())
      .map(([[dims, options], seed]) => dense(tf.greater(numbers(dims, seed), -0.3), options)),
  );
  return fc.oneof(
    leaf,
    fc.array(leaf, { maxLength: 4 }).map((masks) => both(...masks)),
  );
}

describe('mask algebra', () => {
  it('any tree of masks means the same normalised as position by position', () => {
    const dims = fc.record({
      batch: fc.integer({ min: 1, max: 2 }),
      heads: fc.integer({ min: 1, max: 2 }),
      queries: fc.integer({ min: 1, max: 5 }),
      keys: fc.integer({ min: 1, max: 6 }),
    });
    const example = dims.chain((shape) => anyMask(shape).map((mask) => ({ shape, mask })));
    fc.assert(
      fc.property(example, ({ shape, mask }) => {
        const { batch, heads, queries, keys } = shape;
        const full = tf.broadcastTo(materialize(mask, shape), [batch, heads, queries, keys]);
        values(full).forEach((value, n) => {
          const at = [
            Math.floor(n / (heads * queries * keys)),
            Math.floor(n / (queries * keys)) % heads,
            Math.floor(n / keys) % queries,
            n % keys,
          ] as const;
          expect(value !== 0).toBe(allows(mask, shape, [...at]));
        });
      }),
      { numRuns: 200 },
    );
  });

  it('meets causal masks and windows in one band, and lengths in their minimum', () => {
    const shape = { batch: 2, heads: 1, queries: 4, keys: 4 };
    const { parts } = normalizeMask(
      'test',
      both(causal(), slidingWindow({ left: 2 }), padding([3, 4]), padding([4, 2])),
      shape,
    );
    expect(parts).toEqual({
      band: { lower: Int32Array.of(-2, -2), upper: Int32Array.of(0, 0) },
      lengths: Int32Array.of(3, 2),
    });
  });

  it('joins dense masks of which one is empty along an axis', () => {
    const mask = both(dense(tf.ones([2, 0], 'bool')), dense(tf.ones([2, 1], 'bool')));
    expect(materialize(mask, { batch: 1, heads: 1, queries: 2, keys: 0 }).shape).toEqual([1, 1, 2, 0]);
  });

  it('keeps bands within [−Tq, Tk] whatever the offset', () => {
    const { parts } = normalizeMask('test', causal({ offset: 2 ** 29 }), { batch: 1, heads: 1, queries: 3, keys: 4 });
    expect(parts.band).toEqual({ lower: Int32Array.of(-3), upper: Int32Array.of(4) });
  });

  it('refuses what does not fit', () => {
    const at = { batch: 2, heads: 2, queries: 3, keys: 4 };
    expectError('SHAPE_MISMATCH', () => materialize(padding([1]), at));
    expectError('INVALID_ARGUMENT', () => materialize(padding([1, 5]), at));
    expectError('INVALID_ARGUMENT', () => materialize(padding([-1, 3]), at));
    expectError('INVALID_ARGUMENT', () => padding([1.5]));
    expectError('INVALID_ARGUMENT', () => slidingWindow({ left: -1 }));
    expectError('SHAPE_MISMATCH', () =>
      materialize(
        segments([
          [0, 0, 0],
          [0, 0, 0],
        ]),
        at,
      ),
    );
    expectError('SHAPE_MISMATCH', () => materialize(causal({ offset: [1] }), at));
    expectError('INVALID_ARGUMENT', () => materialize(causal({ offset: 0.5 }), at));
    expectError('INVALID_ARGUMENT', () => materialize(causal({ offset: 1, align: 'top-left' }), at));
    expectError('SHAPE_MISMATCH', () => materialize(dense(tf.ones([3, 3, 4], 'bool')), at));
    expectError('SHAPE_MISMATCH', () => materialize(dense(tf.ones([1, 1, 1, 3, 4], 'bool')), at));
    expectError('INVALID_ARGUMENT', () => materialize({ kind: 'diagonal' } as unknown as Mask, at));
  });
});

describe('biases', () => {
  it("slopes are the paper's", () => {
    expect(alibiSlopes(8)).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((n) => 2 ** -n));
    expect(alibiSlopes(6)).toEqual([2 ** -2, 2 ** -4, 2 ** -6, 2 ** -8, 2 ** -1, 2 ** -3]);
  });

  it('ALiBi, a relative table and a tensor add up to their definition', () => {
    const [q, k, v] = [tf.zeros([1, 2, 2, 1]), tf.zeros([1, 2, 3, 1]), tf.ones([1, 2, 3, 1])];
    const table = tf.tensor2d([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    const extra = numbers([2, 1, 3]);
    const bias = sumOf(alibi({ slopes: [0.5, 2], offset: 1 }), relativePosition(table, { offset: 1 }), dense(extra));
    const { logSumExp, weights } = dotProductAttention(q, k, v, { bias, returnLogSumExp: true, returnWeights: true });
    const scores = values(weights).map((w, n) => Math.log(w) + values(logSumExp)[Math.floor(n / 3)]);
    scores.forEach((score, n) => {
      const [h, i, j] = [Math.floor(n / 6), Math.floor(n / 3) % 2, n % 3];
      const distance = j - i - 1;
      const entry = Math.max(-1, Math.min(1, distance)) + 1;
      const expected = -[0.5, 2][h] * Math.abs(distance) + [1, 2, 3, 4, 5, 6][3 * h + entry] + values(extra)[3 * h + j];
      expect(score).toBeCloseTo(expected, 5);
    });
  });

  it('−∞ in a bias masks the position, NaN key or not', () => {
    const bias = tf.tensor2d([[0, -Infinity]]);
    const k = tf.tensor4d([1, NaN], [1, 1, 2, 1]);
    const { context } = dotProductAttention(tf.ones([1, 1, 1, 1]), k, tf.tensor4d([3, NaN], [1, 1, 2, 1]), { bias });
    expect(values(context)).toEqual([3]);
  });

  it('refuses what does not fit', () => {
    const [q, k, v] = [tf.zeros([1, 2, 2, 1]), tf.zeros([1, 2, 2, 1]), tf.ones([1, 2, 2, 1])];
    expectError('SHAPE_MISMATCH', () => relativePosition(tf.zeros([2, 4])));
    expectError('SHAPE_MISMATCH', () => dotProductAttention(q, k, v, { bias: relativePosition(tf.zeros([3, 3])) }));
    expectError('SHAPE_MISMATCH', () => dotProductAttention(q, k, v, { bias: alibi({ slopes: [1] }) }));
    expectError('NOT_FINITE', () => alibi({ slopes: [NaN] }));
    expectError('INVALID_ARGUMENT', () => dotProductAttention(q, k, v, { bias: sumOf(alibi(), alibi()) }));
  });
});
