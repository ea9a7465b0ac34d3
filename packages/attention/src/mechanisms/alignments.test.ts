import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { BACKENDS, codeOf, expectClose, expectNoLeak, random, useBackend, values } from '../../test/engine.js';
import {
  createMechanism,
  forward,
  gatherState,
  locationSensitive,
  mocha,
  monotonic,
  type AttentionMechanism,
} from '../index.js';
import { linearRecurrence } from '../recurrence.js';

const place = { queryWidth: 4, memoryWidth: 6, units: 5, seed: 1 };

describe.each(BACKENDS)('alignments on $name', (factory) => {
  useBackend(factory);
  const [B, T, Tk] = [3, 4, 5];
  const query = random<tf.Rank.R3>([B, T, 4], 1);
  const memory = random<tf.Rank.R3>([B, Tk, 6], 2);
  const lengths = [5, 3, 0];
  const scrambled = <M extends AttentionMechanism>(mechanism: M): M => {
    Object.values(mechanism.parameters).forEach((x, n) => tf.tidy(() => x.assign(random(x.shape, 30 + n))));
    return mechanism;
  };

  it('hard stops at the first likely position from where it stopped, and past the end for good', () => {
    const soft = scrambled(monotonic(place));
    const hard = createMechanism({ ...soft.config(), mode: 'hard' }, soft.parameters);
    const prepared = hard.prepare(memory, { lengths });
    const { weights, state } = hard.attend(query, prepared, { returnWeights: true });
    const scores = hard.parts(query, prepared).scores.arraySync() as number[][][];
    const expected = lengths.map((length, b) => {
      let at = 0;
      const rows = scores[b]!.map((row) => {
        while (at < length && row[at]! <= 0) at++;
        return row.map((_, j) => Number(j === at && at < length));
      });
      return { rows, at };
    });
    expect(weights.arraySync()).toEqual(expected.map(({ rows }) => rows));
    expect(values(state!['position']!)).toEqual(expected.map(({ at }) => at));
    expect(new Set(values(weights))).toEqual(new Set([0, 1]));
    soft.dispose();
    hard.dispose();
  });

  it('goes forward by one position where the scores are far higher further on, with finite gradients', () => {
    const mechanism = forward({ queryWidth: 1, memoryWidth: 1, units: 1, bias: false, seed: 1 });
    // Scores rise by 30 and more from one position to the next, so that a softmax has nothing for those that can be reached.
    const [steps, keys] = [10, 12];
    const rising = tf.tensor3d([Array.from({ length: keys }, (_, j) => [(j - keys / 2) / 6])]);
    const queries = tf.zeros<tf.Rank.R3>([1, steps, 1]);
    tf.tidy(() => {
      for (const name of ['query_kernel', 'memory_kernel']) mechanism.parameters[name]!.assign(tf.ones([1, 1]));
      mechanism.parameters['vector']!.assign(tf.fill(mechanism.parameters['vector']!.shape, 400));
    });
    const { value, grads } = tf.valueAndGrads((q, h) => {
      const { context } = mechanism.attend(q as tf.Tensor3D, mechanism.prepare(h as tf.Tensor3D), {});
      return tf.sum(tf.square(context));
    })([queries, rising]);
    const { weights } = mechanism.attend(queries, mechanism.prepare(rising), { returnWeights: true });
    for (const gradient of grads) expect(values(gradient).every(Number.isFinite)).toBe(true);
    const rows = (weights.arraySync() as number[][][])[0]!;
    rows.forEach((row, t) => expect(row[t + 1]).toBeCloseTo(1, 3));
    tf.dispose([value, ...grads, rising, queries, weights]);
    mechanism.dispose();
  });

  it('hard chunks are the soft ones where probabilities are 0 and 1', () => {
    const soft = scrambled(mocha({ ...place, chunk: 3 }));
    const hard = createMechanism({ ...soft.config(), mode: 'hard' }, soft.parameters);
    tf.tidy(() => [soft, hard].forEach(({ parameters }) => parameters['gain']!.assign(tf.scalar(1e4))));
    const [expectation, decision] = [soft, hard].map((one) =>
      values(one.attend(query, one.prepare(memory, { lengths }), { returnWeights: true }).weights),
    );
    expectClose(decision!, expectation!, 1e-5);
    expect(Math.max(...decision!)).toBeGreaterThan(0);
    soft.dispose();
    hard.dispose();
  });

  it('a recurrence is exact where decays are 0 and 1, whatever the length', () => {
    for (const length of [1, 2, 3, 5, 8, 13]) {
      const decay = Array.from({ length }, (_, j) => [1, 0.5, 1, 1, 0][j % 5]!);
      const input = Array.from({ length }, (_, j) => j + 1);
      const found = values(linearRecurrence(tf.tensor3d([[decay]]), tf.tensor3d([[input]])));
      let carried = 0;
      expect(found).toEqual(input.map((x, j) => (carried = carried * (decay[j - 1] ?? 0) + x)));
    }
  });

  it("begins with a caller's state: gradients reach it, padding is ignored, beams have rows of their own", () => {
    const told = scrambled(locationSensitive({ ...place, filters: 2, filterSize: 3, source: 'both' }));
    const prepared = told.prepare(memory, { lengths });
    const clean = tf.softmax(random<tf.Rank.R2>([B, Tk], 5));
    const open = tf.less(tf.range(0, Tk), tf.tensor2d(lengths, [B, 1]));
    const spoilt = tf.where(open, clean, NaN);
    const contextOf = (previous: tf.Tensor): tf.Tensor =>
      told.attend(query, prepared, { state: told.initialState(prepared, { previous }) }).context;
    expect(values(contextOf(spoilt))).toEqual(values(contextOf(clean)));
    expect(values(contextOf(clean))).not.toEqual(values(contextOf(tf.zerosLike(clean))));
    const [gradient] = tf.grads((x) => tf.sum(tf.square(contextOf(x))))([spoilt]);
    const found = values(gradient!);
    expect(found.every(Number.isFinite)).toBe(true);
    expect(Math.max(...found.map(Math.abs))).toBeGreaterThan(1e-6);
    const beams = told.initialState(prepared, { previous: tf.tile(clean, [2, 1]) })!;
    expect(values(beams['cumulative']!)).toHaveLength(2 * B * Tk);
    expect(gatherState(beams, [0, 0])['previous']!.shape).toEqual([2, Tk]);
    expectNoLeak(() => {
      const start = told.initialState(prepared, { previous: clean });
      return { ...start };
    });
    told.dispose();
  });

  it('refuses a state that it has no place for', () => {
    const told = monotonic(place);
    const prepared = told.prepare(memory);
    const begin = (given: Record<string, tf.Tensor>) => () => told.initialState(prepared, given);
    expect(codeOf(begin({ coverage: tf.zeros([B, Tk]) }))).toBe('UNKNOWN_OPTION');
    expect(codeOf(begin({ previous: tf.zeros([B, Tk + 1]) }))).toBe('SHAPE_MISMATCH');
    expect(codeOf(begin({ previous: tf.zeros([B + 1, Tk]) }))).toBe('SHAPE_MISMATCH');
    expect(codeOf(begin({ previous: tf.zeros([B, Tk], 'int32') }))).toBe('DTYPE_UNSUPPORTED');
    told.dispose();
  });
});
