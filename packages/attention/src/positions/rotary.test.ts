import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { BACKENDS, codeOf, expectClose, expectNoLeak, random, useBackend, values } from '../../test/engine.js';
import { rotary, rotaryFrequencies, type RotaryOptions, type RotaryScaling } from '../index.js';

const layouts = ['interleaved', 'half'] as const;

describe.each(BACKENDS)('rotary on $name', (factory) => {
  useBackend(factory);

  it('by hand: pairs (0, 1), (2, 3) when interleaved, (0, 2), (1, 3) in halves, at angles p and p/100', () => {
    const x = tf.tensor4d([1, 2, 3, 4, 5, 6, 7, 8], [1, 1, 2, 4]);
    const [c, s, c100, s100] = [Math.cos(1), Math.sin(1), Math.cos(0.01), Math.sin(0.01)];
    expectClose(
      values(rotary(x)),
      [1, 2, 3, 4, 5 * c - 6 * s, 5 * s + 6 * c, 7 * c100 - 8 * s100, 7 * s100 + 8 * c100],
      1e-6,
    );
    expectClose(
      values(rotary(x, { layout: 'half' })),
      [1, 2, 3, 4, 5 * c - 7 * s, 6 * c100 - 8 * s100, 5 * s + 7 * c, 6 * s100 + 8 * c100],
      1e-6,
    );
    expectClose(values(rotary(x, { width: 2 })).slice(4), [5 * c - 6 * s, 5 * s + 6 * c, 7, 8], 1e-6);
  });

  it.each(layouts)('keeps lengths, and dot products depend on the difference of positions alone (%s)', (layout) => {
    const [q, k] = [random<tf.Rank.R4>([1, 1, 1, 8], 1), random<tf.Rank.R4>([1, 1, 1, 8], 2)];
    const score = (p: number, j: number): number =>
      values(tf.sum(tf.mul(rotary(q, { layout, offset: p }), rotary(k, { layout, offset: j }))))[0];
    for (const shift of [1, 17, 1000, 100_000]) expect(score(5 + shift, 2 + shift)).toBeCloseTo(score(5, 2), 5);
    expect(Math.abs(score(5, 2) - score(6, 2))).toBeGreaterThan(1e-3);
    const norm = (x: tf.Tensor): number => values(tf.sum(tf.square(x)))[0];
    expect(norm(rotary(q, { layout, offset: 77 }))).toBeCloseTo(norm(q), 5);
  });

  it.each(layouts)('turns by given tables as by the base that they are of (%s)', (layout) => {
    const x = random<tf.Rank.R4>([2, 3, 4, 6]);
    const table = (f: (angle: number) => number): tf.Tensor2D =>
      tf.tensor2d(
        Array.from({ length: 3 * 9 }, (_, n) => f(Math.floor(n / 3) * 50 ** ((-2 * (n % 3)) / 6))),
        [9, 3],
      );
    const tables = { cos: table(Math.cos), sin: table(Math.sin) };
    expect(values(rotary(x, { layout, tables, offset: [5, 0] }))).toEqual(
      values(rotary(x, { layout, base: 50, offset: [5, 0] })),
    );
  });

  it('tables need not be of unit length, and the gradient is the transpose', () => {
    const tables = { cos: tf.tensor2d([[0, 2]]), sin: tf.tensor2d([[3, 0.5]]) };
    const x = tf.tensor4d([1, 10, 100, 1000], [1, 1, 1, 4]);
    expect(values(rotary(x, { tables }))).toEqual([-30, 3, 200 - 500, 50 + 2000]);
    const gradient = tf.grad((y) => tf.sum(tf.mul(rotary(y as tf.Tensor4D, { tables }), tf.tensor1d([1, 2, 3, 4]))));
    expect(values(gradient(x))).toEqual([6, -3, 6 + 2, -1.5 + 8]);
  });

  it('refuses tables that do not fit', () => {
    const x = random<tf.Rank.R4>([1, 1, 3, 4]);
    const tables = (shape: [number, number]) => ({ cos: tf.ones<tf.Rank.R2>(shape), sin: tf.ones<tf.Rank.R2>(shape) });
    expect(codeOf(() => rotary(x, { tables: tables([3, 4]) }))).toBe('SHAPE_MISMATCH');
    expect(codeOf(() => rotary(x, { tables: tables([2, 2]) }))).toBe('INVALID_ARGUMENT');
    expect(codeOf(() => rotary(x, { tables: tables([3, 2]), offset: 1 }))).toBe('INVALID_ARGUMENT');
    expect(codeOf(() => rotary(x, { tables: tables([9, 2]), offset: -1 }))).toBe('INVALID_ARGUMENT');
    expect(codeOf(() => rotary(x, { tables: tables([3, 2]), base: 10 }))).toBe('INVALID_ARGUMENT');
    expect(codeOf(() => rotary(x, { tables: { ...tables([3, 2]), sin: tf.ones([4, 2]) } }))).toBe('SHAPE_MISMATCH');
  });

  it.each(layouts)('starts each batch row at its own offset (%s)', (layout) => {
    const x = random<tf.Rank.R4>([2, 3, 4, 6]);
    const rows = tf.split(x, 2, 0) as tf.Tensor4D[];
    const apart = tf.concat([rotary(rows[0], { layout, offset: 4 }), rotary(rows[1], { layout, offset: -2 })], 0);
    expect(values(rotary(x, { layout, offset: [4, -2] }))).toEqual(values(apart));
    expect(values(rotary(x, { layout, offset: Int32Array.of(3, 3) }))).toEqual(
      values(rotary(x, { layout, offset: 3 })),
    );
  });

  it.each<[string, RotaryOptions]>([
    ['interleaved', {}],
    ['half', { layout: 'half' }],
    ['part', { layout: 'half', width: 4, offset: [1, 9] }],
  ])('its gradient is the rotation back, and nothing leaks (%s)', (_, options) => {
    const x = random<tf.Rank.R4>([2, 2, 3, 6]);
    const cotangent = random<tf.Rank.R4>([2, 2, 3, 6], 4);
    const gradient = tf.grad((y) => tf.sum(tf.mul(rotary(y as tf.Tensor4D, options), cotangent)));
    // Rotations are linear, so ⟨R x, c⟩ = ⟨x, Rᵀc⟩, and differences with any step are exact.
    const found = values(gradient(x));
    const loss = (data: number[]): number =>
      values(tf.sum(tf.mul(rotary(tf.tensor4d(data, [2, 2, 3, 6]), options), cotangent)))[0];
    const zeros = Array<number>(72).fill(0);
    expectClose(
      found,
      zeros.map((_, n) => loss(zeros.with(n, 1))),
      1e-6,
    );
    expectNoLeak(() => gradient(x));
    expectNoLeak(() => rotary(x, options));
  });

  it.each(layouts)('takes positions in any order, alike for all rows or one list for each (%s)', (layout) => {
    const x = random<tf.Rank.R4>([2, 3, 4, 6]);
    const inOrder = values(rotary(x, { layout, offset: [4, -2] }));
    const positions = [
      [4, 5, 6, 7],
      [-2, -1, 0, 1],
    ];
    expect(values(rotary(x, { layout, positions }))).toEqual(inOrder);
    expect(values(rotary(x, { layout, positions: [3, 4, 5, 6] }))).toEqual(values(rotary(x, { layout, offset: 3 })));
    const backwards = tf.reverse(x, 2) as tf.Tensor4D;
    const turned = rotary(backwards, { layout, positions: positions.map((row) => row.toReversed()) });
    expect(values(tf.reverse(turned, 2))).toEqual(inOrder);
  });

  it('turns by tables at given positions', () => {
    const tables = { cos: tf.tensor2d([[1], [2], [3]]), sin: tf.zeros<tf.Rank.R2>([3, 1]) };
    const x = tf.ones<tf.Rank.R4>([1, 1, 2, 2]);
    expect(values(rotary(x, { tables, positions: [2, 0] }))).toEqual([3, 3, 1, 1]);
    expect(codeOf(() => rotary(x, { tables, positions: [3, 0] }))).toBe('INVALID_ARGUMENT');
    expect(codeOf(() => rotary(x, { tables, scaling: { kind: 'linear', factor: 2 } }))).toBe('INVALID_ARGUMENT');
  });

  it('scales: linear by half turns as half the positions; with the factor 1 nothing changes', () => {
    const x = random<tf.Rank.R4>([1, 2, 3, 8]);
    const scaled = rotary(x, { scaling: { kind: 'linear', factor: 2 }, positions: [0, 2, 4] });
    expectClose(values(scaled), values(rotary(x)), 1e-6);
    for (const kind of ['linear', 'ntk', 'dynamic', 'yarn', 'llama3'] as const) {
      const scaling = { kind, factor: 1, ...(kind === 'dynamic' && { maxPositions: 3 }) };
      const given = /yarn|llama3/.test(kind) ? { ...scaling, originalMaxPositions: 64 } : scaling;
      expect(values(rotary(x, { scaling: given as RotaryScaling })), kind).toEqual(values(rotary(x)));
    }
  });

  it('refuses positions that do not fit, and scalings that are none', () => {
    const x = random<tf.Rank.R4>([2, 1, 3, 4]);
    const refused = (options: object): string => codeOf(() => rotary(x, options));
    expect(refused({ positions: [0, 1] })).toBe('SHAPE_MISMATCH');
    expect(
      refused({
        positions: [
          [0, 1, 2],
          [0, 1, 2],
          [0, 1, 2],
        ],
      }),
    ).toBe('SHAPE_MISMATCH');
    expect(refused({ positions: [0, 1.5, 2] })).toBe('INVALID_ARGUMENT');
    expect(refused({ positions: [0, 1, NaN] })).toBe('INVALID_ARGUMENT');
    expect(refused({ positions: [0, 1, 2], offset: 0 })).toBe('INVALID_ARGUMENT');
    expect(refused({ scaling: { kind: 'log', factor: 2 } })).toBe('INVALID_ARGUMENT');
    expect(refused({ scaling: { kind: 'linear' } })).toBe('INVALID_ARGUMENT');
    expect(refused({ scaling: { kind: 'linear', factor: 0 } })).toBe('INVALID_ARGUMENT');
    expect(refused({ scaling: { kind: 'ntk', factor: 2, base: 3 } })).toBe('INVALID_ARGUMENT');
    expect(refused({ base: 1, scaling: { kind: 'yarn', factor: 2, originalMaxPositions: 64 } })).toBe(
      'INVALID_ARGUMENT',
    );
    const bands = { lowFreqFactor: 4, highFreqFactor: 1, originalMaxPositions: 64 };
    expect(refused({ scaling: { kind: 'llama3', factor: 2, ...bands } })).toBe('INVALID_ARGUMENT');
  });

  it('refuses what has no pairs, and offsets that are no positions', () => {
    const x = random<tf.Rank.R4>([2, 1, 3, 5]);
    expect(codeOf(() => rotary(x))).toBe('SHAPE_MISMATCH');
    expect(codeOf(() => rotary(x, { width: 6 }))).toBe('SHAPE_MISMATCH');
    expect(codeOf(() => rotary(x, { width: 3 }))).toBe('INVALID_ARGUMENT');
    expect(codeOf(() => rotary(x, { width: 4, offset: [1, 2, 3] }))).toBe('SHAPE_MISMATCH');
    expect(codeOf(() => rotary(x, { width: 4, offset: 0.5 }))).toBe('INVALID_ARGUMENT');
    expect(codeOf(() => rotary(x, { width: 4, base: -1 }))).toBe('INVALID_ARGUMENT');
    expect(codeOf(() => rotary(tf.zeros([2, 3, 4]) as never))).toBe('SHAPE_MISMATCH');
    expect(rotary(tf.zeros([2, 1, 0, 4])).shape).toEqual([2, 1, 0, 4]);
  });
});

describe('rotaryFrequencies', () => {
  it('are the frequencies by which rotary turns', () => {
    expect(rotaryFrequencies({ width: 4 })).toEqual({ inverseFrequency: Float64Array.of(1, 0.01), attentionFactor: 1 });
    const dynamic = { kind: 'dynamic', factor: 2, maxPositions: 32 } as const;
    const slowest = (length: number): number =>
      rotaryFrequencies({ width: 4, scaling: dynamic, length }).inverseFrequency[1];
    expect([slowest(0), slowest(32)]).toEqual([0.01, 0.01]);
    expect(slowest(33)).toBeLessThan(0.01);
  });

  it('refuses widths and lengths that are none', () => {
    for (const width of [0, 3, -2, 1.5, undefined])
      expect(codeOf(() => rotaryFrequencies({ width: width as number }))).toBe('INVALID_ARGUMENT');
    expect(codeOf(() => rotaryFrequencies({ width: 4, length: -1 }))).toBe('INVALID_ARGUMENT');
    expect(codeOf(() => rotaryFrequencies({ width: 4, layout: 'half' } as never))).toBe('UNKNOWN_OPTION');
  });
});
