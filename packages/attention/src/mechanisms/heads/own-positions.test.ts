import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { BACKENDS, codeOf, expectClose, random, useBackend, values } from '../../../test/engine.js';
import { bindMechanism, multiHead, type MultiHeadOptions } from '../../index.js';

const [B, T, TK, HEADS, WIDTH] = [2, 3, 5, 4, 6];
const place = { queryWidth: 8, memoryWidth: 7, heads: HEADS, keyHeads: 2, headWidth: WIDTH, seed: 4 };

/** Attention to the projected memory and rows after it, all in one softmax: explicitly. */
function explicit(
  query: tf.Tensor,
  [keys, values]: readonly [tf.Tensor, tf.Tensor],
  rows: readonly (readonly [tf.Tensor, tf.Tensor])[],
  allowed: tf.Tensor,
): tf.Tensor {
  const spread = (x: tf.Tensor): tf.Tensor => tf.gather(x, tf.tensor1d([0, 0, 1, 1], 'int32'), 1);
  const row = (x: tf.Tensor): tf.Tensor => tf.tile(tf.reshape(x, [1, 2, 1, x.size / 2]), [B, 1, 1, 1]);
  const allKeys = spread(tf.concat([keys, ...rows.map(([key]) => row(key))], 2));
  const allValues = spread(tf.concat([values, ...rows.map(([, value]) => row(value))], 2));
  const scores = tf.div(tf.matMul(query, allKeys, false, true), Math.sqrt(WIDTH));
  const open = tf.pad(
    tf.cast(allowed, 'int32'),
    [...Array.from({ length: 3 }, (): [number, number] => [0, 0]), [0, rows.length]],
    1,
  );
  const weights = tf.softmax(tf.where(tf.cast(open, 'bool'), scores, tf.fill(scores.shape, -1e9)));
  return tf.matMul(weights, allValues);
}

describe.each(BACKENDS)('positions beside those of the memory, on $name', (factory) => {
  useBackend(factory);
  // Row 0 has 4 positions, row 1 none.
  const lengths = [4, 0];
  const within = (): tf.Tensor => tf.tile(tf.tensor4d([1, 1, 1, 1, 0, 0, 0, 0, 0, 0], [B, 1, 1, TK]), [1, HEADS, T, 1]);

  it.each<[string, Partial<MultiHeadOptions>]>([
    ['a learned one', { learnedPosition: true }],
    ['one of zeros', { zeroPosition: true }],
    ['both', { learnedPosition: true, zeroPosition: true }],
    ['both and a sink', { learnedPosition: true, zeroPosition: true, sinks: true }],
  ])('%s: one softmax over all, and its gradients', (_, options) => {
    const made = multiHead({ ...place, ...options });
    const config = made.config();
    const keys = Object.keys(made.parameters);
    const tensors = keys.map((key, n) => random(made.parameters[key]!.shape, 30 + n));
    const query = random<tf.Rank.R3>([B, T, 8]);
    const memory = random<tf.Rank.R3>([B, TK, 7]);
    const weights = random([B, T, 8], 9);
    const byName = (given: readonly tf.Tensor[]): Record<string, tf.Tensor> =>
      Object.fromEntries(keys.map((key, n) => [key, given[n]!]));
    const attend = (...given: tf.Tensor[]): tf.Tensor => {
      const bound = bindMechanism(config, byName(given));
      return tf.sum(tf.mul(bound.attend(query, bound.prepare(memory, { lengths })).context, weights));
    };
    const formula = (...given: tf.Tensor[]): tf.Tensor => {
      const p = byName(given);
      const heads = (x: tf.Tensor3D, name: string, count: number): tf.Tensor => {
        const flat = tf.reshape(x, [-1, x.shape[2]]);
        const projected = tf.add(
          tf.matMul(flat as tf.Tensor2D, p[`${name}_kernel`] as tf.Tensor2D),
          p[`${name}_bias`]!,
        );
        return tf.transpose(tf.reshape(projected, [B, x.shape[1], count, WIDTH]), [0, 2, 1, 3]);
      };
      const zero = tf.zeros([2 * WIDTH]);
      const rows: (readonly [tf.Tensor, tf.Tensor])[] = [];
      if (options.learnedPosition) rows.push([p['position_key']!, p['position_value']!]);
      if (options.zeroPosition) rows.push([zero, zero]);
      let seen = explicit(
        heads(query, 'query', HEADS),
        [heads(memory, 'key', 2), heads(memory, 'value', 2)],
        rows,
        within(),
      );
      if (options.sinks) {
        // What is left beside a sink: its share comes out of the softmax's sum.
        const { logSumExp } = multiHeadWithoutSinks(config, p);
        seen = tf.mul(seen, tf.expandDims(tf.sigmoid(tf.sub(logSumExp, tf.reshape(p['sinks']!, [1, HEADS, 1]))), -1));
      }
      const flat = tf.reshape(tf.transpose(seen, [0, 2, 1, 3]), [B * T, HEADS * WIDTH]);
      const output = tf.add(tf.matMul(flat as tf.Tensor2D, p['output_kernel'] as tf.Tensor2D), p['output_bias']!);
      return tf.sum(tf.mul(tf.reshape(output, [B, T, 8]), weights));
    };
    const multiHeadWithoutSinks = (full: object, p: Record<string, tf.Tensor>): { logSumExp: tf.Tensor } => {
      const { sinks: _, ...others } = p;
      const bound = bindMechanism({ ...full, sinks: false }, others);
      return bound.attend(query, bound.prepare(memory, { lengths }), { returnLogSumExp: true });
    };
    expectClose(values(attend(...tensors)), values(formula(...tensors)), 2e-5);
    const expected = tf.grads(formula)(tensors);
    tf.grads(attend)(tensors).forEach((gradient, n) => {
      expectClose(values(gradient), values(expected[n]!), 3e-5);
    });
    made.dispose();
  });

  it('what they take of the weights is told by their names, and a row without keys sees them alone', () => {
    const mechanism = multiHead({ ...place, learnedPosition: true, zeroPosition: true });
    for (const parameter of Object.values(mechanism.parameters)) parameter.assign(random(parameter.shape, 7));
    const query = random<tf.Rank.R3>([B, T, 8]);
    const memory = mechanism.prepare(random([B, TK, 7]), { lengths });
    const { weights } = mechanism.attend(query, memory, { returnWeights: true });
    const { learnedPosition, zeroPosition } = mechanism.parts(query, memory).between;
    const sum = tf.add(tf.sum(weights, -1), tf.add(learnedPosition!, zeroPosition!));
    expectClose(values(sum), Array(B * HEADS * T).fill(1), 1e-6);
    expect(values(tf.slice(weights, [1, 0, 0, 0])).every((weight) => weight === 0)).toBe(true);
    mechanism.dispose();
  });

  it('keys of another width than the memory', () => {
    const mechanism = multiHead({ ...place, keysWidth: 3 });
    const values7 = random<tf.Rank.R3>([B, TK, 7]);
    const query = random<tf.Rank.R3>([B, T, 8]);
    expect(mechanism.parameters['key_kernel']!.shape).toEqual([3, 2 * WIDTH]);
    expect(codeOf(() => mechanism.prepare(values7))).toBe('SHAPE_MISMATCH');
    const keys = random<tf.Rank.R3>([B, TK, 3], 3);
    const all = mechanism.attend(query, mechanism.prepare(values7, { keys })).context;
    const part = (x: tf.Tensor3D, from: number, size: number): tf.Tensor3D => tf.slice(x, [0, from, 0], [-1, size, -1]);
    const grown = mechanism.prepare(part(values7, 0, 2), { keys: part(keys, 0, 2) });
    grown.append(part(values7, 2, 3), { keys: part(keys, 2, 3) });
    expectClose(values(mechanism.attend(query, grown).context), values(all), 1e-6);
    mechanism.dispose();
  });
});
