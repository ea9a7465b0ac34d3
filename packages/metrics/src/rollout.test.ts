import { describe, expect, it } from 'vitest';
import { attentionRollout, type LayerWeights } from './rollout.js';

const layer = (...heads: readonly (readonly (readonly number[])[])[]): LayerWeights => ({
  shape: [heads.length, heads[0]!.length, heads[0]!.length],
  data: Float32Array.from(heads.flat(2)),
});

const plain = (rows: readonly Float32Array[] | undefined): number[][] => rows!.map((row) => Array.from(row));

// Means of heads: [[1, 0], [1/2, 1/2]] and [[1, 0], [3/4, 1/4]].
const FIRST = layer(
  [
    [1, 0],
    [0.25, 0.75],
  ],
  [
    [1, 0],
    [0.75, 0.25],
  ],
);
const SECOND = layer([
  [1, 0],
  [0.75, 0.25],
]);

describe('attentionRollout', () => {
  it('multiplies means of heads, half of each with the identity, from the first layer on', () => {
    const [first, second] = attentionRollout([FIRST, SECOND]);
    // A₁ = ½ [[1, 0], [½, ½]] + ½ I and A₂ = ½ [[1, 0], [¾, ¼]] + ½ I; A₂ A₁ by hand.
    expect(plain(first)).toEqual([
      [1, 0],
      [0.25, 0.75],
    ]);
    expect(plain(second)).toEqual([
      [1, 0],
      [0.375 + 0.625 * 0.25, 0.625 * 0.75],
    ]);
  });

  it('multiplies attention alone without a residual, and gives the identity with nothing else', () => {
    expect(plain(attentionRollout([FIRST, SECOND], { residual: 0 })[1])).toEqual([
      [1, 0],
      [0.75 + 0.25 * 0.5, 0.25 * 0.5],
    ]);
    expect(plain(attentionRollout([FIRST, SECOND], { residual: 1 })[1])).toEqual([
      [1, 0],
      [0, 1],
    ]);
  });

  it('takes the greatest or least of the heads, of which rows are divided by their sums', () => {
    const [greatest] = attentionRollout([FIRST], { heads: 'max', residual: 0 });
    expect(plain(greatest)).toEqual([
      [1, 0],
      [0.5, 0.5],
    ]);
    const apart = layer(
      [
        [0.5, 0.5],
        [0, 1],
      ],
      [
        [0.75, 0.25],
        [0.5, 0.5],
      ],
    );
    const [least] = attentionRollout([apart], { heads: 'min', residual: 0 });
    expect(least![0]![0]).toBeCloseTo(2 / 3, 6);
    expect([...least![1]!]).toEqual([0, 1]);
  });

  it('keeps rows of sums of 1 beside a sink, and of those that attend to nothing', () => {
    const sunk = layer([
      [0.5, 0],
      [0, 0],
    ]);
    expect(plain(attentionRollout([sunk])[0])).toEqual([
      [1, 0],
      [0, 1],
    ]);
    expect(plain(attentionRollout([sunk], { residual: 0 })[0])).toEqual([
      [1, 0],
      [0, 0],
    ]);
  });

  it('takes a batch of one', () => {
    const batched = { shape: [1, ...FIRST.shape], data: FIRST.data };
    expect(attentionRollout([batched])).toEqual(attentionRollout([FIRST]));
    expect(attentionRollout([])).toEqual([]);
  });

  it.each([
    ['SHAPE_MISMATCH', [{ shape: [1, 2, 3], data: new Float32Array(6) }], {}],
    ['SHAPE_MISMATCH', [{ shape: [2, 1, 2, 2], data: new Float32Array(8) }], {}],
    ['SHAPE_MISMATCH', [{ shape: [1, 2, 2], data: new Float32Array(3) }], {}],
    ['SHAPE_MISMATCH', [FIRST, { shape: [1, 1, 1], data: [1] }], {}],
    ['NOT_FINITE', [{ shape: [1, 1, 1], data: [Number.NaN] }], {}],
    ['INVALID_ARGUMENT', [FIRST], { residual: 1.5 }],
    ['INVALID_ARGUMENT', [FIRST], { heads: 'median' }],
    ['UNKNOWN_OPTION', [FIRST], { residuals: 0.5 }],
  ])('refuses with %s what it can’t roll out', (code, layers, options) => {
    expect(() => attentionRollout(layers, options as object)).toThrow(expect.objectContaining({ code }));
  });
});
