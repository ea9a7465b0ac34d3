import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { BACKENDS, codeOf, expectClose, expectNoLeak, random, useBackend, values } from '../../test/engine.js';
import { createMechanism, dot, multiHead, selfAttend, type MultiHeadOptions } from '../index.js';

const base = { queryWidth: 8, memoryWidth: 8, heads: 4, seed: 11 };

const kinds: [string, Partial<MultiHeadOptions>][] = [
  ['without positions', {}],
  ['one key head', { keyHeads: 1 }],
  ['two key heads, other widths', { keyHeads: 2, headWidth: 6, valueWidth: 3, outputWidth: 5 }],
  ['rotary', { headWidth: 4, rotary: {} }],
  ['rotary in halves of a part', { headWidth: 6, rotary: { layout: 'half', width: 4, base: 50 } }],
  ['ALiBi', { alibi: {} }],
  ['ALiBi with own slopes', { alibi: { slopes: [1, 0.5, 0, 2] } }],
  ['relative', { relative: { reach: 2 } }],
  ['all positions', { rotary: {}, alibi: {}, relative: { reach: 3, shared: true } }],
];

const make = (options: Partial<MultiHeadOptions> = {}) => {
  const mechanism = multiHead({ ...base, ...options });
  const table = mechanism.parameters['relative'];
  if (table) tf.tidy(() => table.assign(random(table.shape, 5)));
  return mechanism;
};

const step = (x: tf.Tensor3D, t: number): tf.Tensor3D => tf.slice(x, [0, t, 0], [-1, 1, -1]);

describe.each(BACKENDS)('on $name', (factory) => {
  useBackend(factory);
  const [B, T] = [2, 7];

  describe.each(kinds)('step by step, %s', (_, options) => {
    it('equals all at once under a causal mask, from nothing, from a prefix and in chunks', () => {
      const mechanism = make(options);
      const x = random<tf.Rank.R3>([B, T, 8]);
      const all = selfAttend(mechanism, x, { causal: true, returnWeights: true });
      const memory = mechanism.prepare(tf.zeros([B, 0, 8]));
      for (let t = 0; t < T; t++) {
        const row = tf.squeeze(step(x, t), [1]) as tf.Tensor2D;
        const { context, weights } = mechanism.attend(row, memory.append(step(x, t)), {
          causal: true,
          returnWeights: true,
        });
        expectClose(values(context), values(step(all.context, t)), 2e-6);
        const expected = tf.slice(all.weights, [0, 0, t, 0], [-1, -1, 1, t + 1]);
        expectClose(values(weights), values(expected), 1e-6);
      }
      expect(memory.length).toBe(T);

      const [prefix, chunk] = tf.split(x, [3, 4], 1) as [tf.Tensor3D, tf.Tensor3D];
      const prefilled = mechanism.prepare(prefix);
      const first = mechanism.attend(prefix, prefilled, { causal: true }).context;
      const second = mechanism.attend(chunk, prefilled.append(chunk), { causal: { align: 'bottom-right' } }).context;
      expectClose(values(tf.concat([first, second], 1)), values(all.context), 2e-6);
      const explicit = mechanism.attend(chunk, prefilled, { causal: true, alignment: { offset: [3, 3] } }).context;
      expectClose(values(explicit), values(second), 2e-6);
    });

    it('leaks nothing while it grows', () => {
      const mechanism = make(options);
      const x = random<tf.Rank.R3>([B, T, 8]);
      const nothing = tf.zeros<tf.Rank.R3>([B, 0, 8]);
      expectNoLeak(() => {
        const memory = mechanism.prepare(nothing);
        for (let t = 0; t < T; t++) {
          tf.tidy(() => void mechanism.attend(step(x, t), memory.append(step(x, t)), { causal: { offset: t } }));
        }
        memory.dispose();
        return [];
      });
    });
  });

  it('by hand: two heads of width 1, each with its own columns', () => {
    // Head 0 compares and averages feature 0, head 1 feature 1; scores are q·k, for √1 = 1.
    const eye = tf.eye(2);
    const mechanism = createMechanism(
      { kind: 'multiHead', queryWidth: 2, memoryWidth: 2, heads: 2, bias: false, seed: 0 },
      {
        query_kernel: eye,
        key_kernel: eye,
        value_kernel: eye,
        output_kernel: tf.tensor2d([
          [1, 0],
          [0, 10],
        ]),
      },
    );
    const ln3 = Math.log(3);
    const memory = mechanism.prepare(
      tf.tensor3d([
        [
          [0, ln3],
          [ln3, 0],
        ],
      ]),
    );
    const { context, weights } = mechanism.attend(tf.tensor2d([[1, -1]]), memory, { returnWeights: true });
    expect(weights.shape).toEqual([1, 2, 2]);
    expectClose(values(weights), [1 / 4, 3 / 4, 1 / 4, 3 / 4], 1e-6);
    expectClose(values(context), [(3 / 4) * ln3, (10 / 4) * ln3], 1e-5);
  });

  it('a scale takes the place of 1/√D', () => {
    const x = random<tf.Rank.R3>([1, 3, 8]);
    const run = (scale?: number): number[] => values(selfAttend(make({ scale }), x).context);
    expect(run(1 / Math.sqrt(2))).toEqual(run());
    expect(run(1)).not.toEqual(run());
  });

  it('a mask of [1, H, 1, Tk] speaks to query heads in their order', () => {
    const mechanism = make({ keyHeads: 2 });
    const x = random<tf.Rank.R3>([1, 4, 8]);
    const mask = tf.reshape(tf.cast(tf.eye(4), 'bool'), [1, 4, 1, 4]);
    const { weights } = selfAttend(mechanism, x, { mask, returnWeights: true });
    for (let h = 0; h < 4; h++) {
      const expected = [0, 1, 2, 3].map((j) => (j === h ? 1 : 0));
      expect(values(tf.slice(weights, [0, h, 2, 0], [1, 1, 1, 4]))).toEqual(expected);
    }
  });

  it('cross-attention with rotary positions needs to be told where queries sit', () => {
    const mechanism = make({ rotary: {} });
    const [query, memory] = [random<tf.Rank.R3>([B, 3, 8]), random<tf.Rank.R3>([B, 5, 8], 2)];
    const prepared = mechanism.prepare(memory);
    expect(codeOf(() => mechanism.attend(query, prepared))).toBe('ALIGNMENT_REQUIRED');
    const at = (offset: number | number[]): number[] =>
      values(mechanism.attend(query, prepared, { alignment: { offset } }).context);
    expect(at([0, 4])).toEqual([...at(0).slice(0, 24), ...at(4).slice(24)]);
    expect(at(0)).not.toEqual(at(1));
  });

  it("positions come from the memory's axis, so padding on the left changes nothing but the mask", () => {
    const mechanism = make({ rotary: {}, alibi: {} });
    const x = random<tf.Rank.R3>([1, 4, 8]);
    const expected = selfAttend(mechanism, x, { causal: true }).context;
    const padded = tf.concat([tf.fill<tf.Rank.R3>([1, 2, 8], NaN), x], 1);
    const memory = mechanism.prepare(tf.slice(padded, [0, 0, 0], [1, 5, 8]), {
      mask: tf.tensor2d([0, 0, 1, 1, 1], [1, 5], 'bool'),
    });
    const { context } = mechanism.attend(x, memory.append(step(x, 3)), { causal: { align: 'bottom-right' } });
    expectClose(values(context), values(expected), 2e-6);
  });

  it('refuses to append across padding on the right when distances count, and allows it when not', () => {
    const x = random<tf.Rank.R3>([2, 3, 8]);
    for (const options of [{ rotary: {} }, { alibi: {} }, { relative: { reach: 1 } }]) {
      const memory = make(options).prepare(x, { lengths: [3, 2] });
      const more = step(x, 0);
      const tensors = tf.memory().numTensors;
      expect(codeOf(() => memory.append(more))).toBe('INVALID_ARGUMENT');
      expect(tf.memory().numTensors).toBe(tensors);
      expect(
        make(options)
          .prepare(x, { lengths: [3, 3] })
          .append(step(x, 0)).length,
      ).toBe(4);
    }
    const mechanism = make();
    const grown = mechanism.prepare(x, { lengths: [3, 2] }).append(step(x, 0));
    const row = tf.concat([tf.slice(x, [1, 0, 0], [1, 2, 8]), tf.slice(x, [1, 0, 0], [1, 1, 8])], 1);
    const expected = mechanism.attend(tf.slice(x, 1, 1), mechanism.prepare(row)).context;
    expectClose(values(tf.slice(mechanism.attend(x, grown).context, 1, 1)), values(expected), 1e-6);
  });

  it('self-attention is what a mechanism of another kind can do too', () => {
    const x = random<tf.Rank.R3>([2, 3, 4]);
    const mechanism = dot({ width: 4 });
    const expected = mechanism.attend(x, mechanism.prepare(x, { lengths: [3, 1] }), { causal: true }).context;
    expect(values(selfAttend(mechanism, x, { lengths: [3, 1], causal: true }).context)).toEqual(values(expected));
    const memoryMask = tf.tensor2d([1, 1, 1, 1, 0, 0], [2, 3], 'bool');
    expect(values(selfAttend(mechanism, x, { memoryMask, causal: true }).context)).toEqual(values(expected));
  });

  it('a shape with no batch, queries or memory gives an empty or zero context', () => {
    const mechanism = make({ rotary: {}, bias: false });
    const alignment = { offset: 0 };
    const shapeOf = (query: [number, number, number], memory: [number, number, number]): tf.Tensor3D =>
      mechanism.attend(random<tf.Rank.R3>(query), mechanism.prepare(random<tf.Rank.R3>(memory)), { alignment }).context;
    expect(shapeOf([0, 3, 8], [0, 2, 8]).shape).toEqual([0, 3, 8]);
    expect(shapeOf([2, 0, 8], [2, 2, 8]).shape).toEqual([2, 0, 8]);
    expect(values(shapeOf([1, 2, 8], [1, 0, 8]))).toEqual(Array(16).fill(0));
    const empty = mechanism.prepare(tf.zeros([0, 2, 8])).append(tf.zeros([0, 3, 8]));
    expect([empty.batch, empty.length]).toEqual([0, 5]);
  });
});
