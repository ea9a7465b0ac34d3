import * as tf from '@tensorflow/tfjs-core';
import { slidingWindow } from '@heed/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BACKENDS, codeOf, expectClose, expectNoLeak, random, useBackend, values } from '../test/engine.js';
import { coverage, dot, gatherState, restoreState, type AttentionMechanism } from './index.js';

const options = { queryWidth: 4, memoryWidth: 6, units: 5, seed: 1 };

describe.each(BACKENDS)('the state of a mechanism on $name', (factory) => {
  useBackend(factory);
  const [B, T, Tk] = [2, 3, 4];
  let mechanism: AttentionMechanism;
  let query: tf.Tensor3D;
  let memory: tf.Tensor3D;
  beforeAll(() => {
    mechanism = coverage(options);
    tf.tidy(() => mechanism.parameters['coverage_kernel'].assign(random([1, 5], 9)));
    query = random<tf.Rank.R3>([B, T, 4], 1);
    memory = random<tf.Rank.R3>([B, Tk, 6], 2);
  });
  afterAll(() => mechanism.dispose());
  const step = (t: number): tf.Tensor2D => tf.squeeze(tf.slice(query, [0, t, 0], [B, 1, 4]), [1]);

  it('is 0 before the first step, and left out it is the same', () => {
    const prepared = mechanism.prepare(memory, { lengths: [4, 2] });
    const start = mechanism.initialState(prepared)!;
    expect(start['coverage'].shape).toEqual([B, Tk]);
    expect(Math.max(...values(start['coverage']).map(Math.abs))).toBe(0);
    const [a, b] = [start, undefined].map((state) =>
      mechanism.attend(step(0), prepared, { state, returnWeights: true }),
    );
    expect(values(a!.context)).toEqual(values(b!.context));
    expect(values(a!.state!['coverage'])).toEqual(values(a!.weights));
  });

  it('goes on where a sequence ended', () => {
    const prepared = mechanism.prepare(memory);
    const whole = mechanism.attend(query, prepared, { returnWeights: true });
    const { state } = mechanism.attend(tf.slice(query, [0, 0, 0], [B, 2, 4]), prepared);
    const rest = mechanism.attend(step(2), prepared, { state, returnWeights: true });
    expectClose(values(rest.weights), values(tf.squeeze(tf.slice(whole.weights, [0, 2, 0], [B, 1, Tk]), [1])), 1e-6);
    expectClose(values(rest.state!['coverage']), values(tf.sum(whole.weights, 1)), 1e-6);
  });

  it('is restored from its tensors', () => {
    const prepared = mechanism.prepare(memory);
    const { state } = mechanism.attend(step(0), prepared);
    const copy = restoreState(mechanism.initialState(prepared)!, {
      coverage: tf.tensor(values(state!['coverage']), [B, Tk]),
    });
    const [a, b] = [state, copy].map((one) => mechanism.attend(step(1), prepared, { state: one }));
    expect(values(b!.context)).toEqual(values(a!.context));
    expect(codeOf(() => restoreState(state!, { covered: state!['coverage'] }))).toBe('UNKNOWN_OPTION');
    expect(codeOf(() => restoreState(state!, { coverage: tf.zeros([B, Tk + 1]) }))).toBe('SHAPE_MISMATCH');
    expect(codeOf(() => restoreState({}, {}))).toBe('INVALID_ARGUMENT');
  });

  it('has a row for each beam: K in a row attend to one row of the memory, each with its own past', () => {
    const lengths = [4, 2];
    const prepared = mechanism.prepare(memory, { lengths });
    const queries = random<tf.Rank.R2>([4, 4], 7);
    const rows = [0, 0, 1, 1];
    let state = gatherState(mechanism.initialState(prepared)!, rows);
    // The same with a memory of four rows.
    const index = tf.tensor1d(rows, 'int32');
    const four = mechanism.prepare(tf.gather(memory, index), { lengths: rows.map((row) => lengths[row]!) });
    let expected = mechanism.initialState(four)!;
    // Beams of one source continue one another, as a search picks them.
    for (const picked of [
      [0, 1, 2, 3],
      [1, 1, 3, 2],
      [0, 0, 2, 2],
    ]) {
      [state, expected] = [gatherState(state, picked), gatherState(expected, picked)];
      const beams = mechanism.attend(queries, prepared, { state, returnWeights: true, returnLogSumExp: true });
      const apart = mechanism.attend(queries, four, { state: expected, returnWeights: true, returnLogSumExp: true });
      expect(beams.context.shape).toEqual([4, 6]);
      for (const name of ['context', 'weights', 'logSumExp'] as const) {
        expect(values(beams[name])).toEqual(values(apart[name]));
      }
      [state, expected] = [beams.state!, apart.state!];
    }
    expect(values(state['coverage'])).toEqual(values(expected['coverage']));
    const [first, second] = tf.split(state['coverage'], 2, 0).map(values);
    expect(first).not.toEqual(second);
    // Whole sequences too.
    const long = random<tf.Rank.R3>([4, T, 4], 8);
    expect(values(mechanism.attend(long, prepared, { state }).context)).toEqual(
      values(mechanism.attend(long, four, { state: expected }).context),
    );
  });

  it('counts masks by the position of each query in the sequence', () => {
    const prepared = mechanism.prepare(memory);
    const masks = { causal: { offset: 1 }, mask: slidingWindow({ left: 1, offset: 1 }) };
    const { weights } = mechanism.attend(query, prepared, { ...masks, returnWeights: true });
    const open = (tf.squeeze(tf.slice(weights, [0, 0, 0], [1, T, Tk]), [0]).arraySync() as number[][]).map((row) =>
      row.map((weight) => Number(weight > 0)),
    );
    expect(open).toEqual([
      [1, 1, 0, 0],
      [0, 1, 1, 0],
      [0, 0, 1, 1],
    ]);
    const dense = tf.greater(random([B, 1, T, Tk], 3), 0);
    const masked = mechanism.attend(query, prepared, { mask: dense, returnWeights: true }).weights;
    expect(values(masked).map((weight) => Number(weight > 0))).toEqual(values(dense));
  });

  it('drops other positions at each step of a sequence', () => {
    const prepared = mechanism.prepare(tf.tile(memory, [1, 8, 1]));
    const still = tf.tile(tf.reshape<tf.Rank.R3>(step(0), [B, 1, 4]), [1, T, 1]);
    const { dropped } = mechanism.parts(still, prepared, { dropout: { rate: 0.5, seed: 3 } });
    const kept = tf.unstack(tf.greater(dropped!, 0), 1).map((row) => String(values(row)));
    expect(new Set(kept).size).toBe(T);
  });

  it('takes an empty sequence, and leaves nothing behind', () => {
    const none = tf.zeros<tf.Rank.R3>([B, 0, 4]);
    expectNoLeak(() => {
      const prepared = mechanism.prepare(memory);
      const { context, state } = mechanism.attend(none, prepared);
      expect(context.shape).toEqual([B, 0, 6]);
      const gathered = gatherState(state!, [1, 0, 0]);
      expect(gathered['coverage'].shape).toEqual([3, Tk]);
      const start = mechanism.initialState(prepared)!;
      prepared.dispose();
      return [context, state!, gathered, start];
    });
    expectNoLeak(() => {
      const prepared = mechanism.prepare(memory);
      const next = tf.tidy(() => mechanism.attend(query, prepared));
      const after = tf.tidy(() => mechanism.attend(step(0), prepared, { state: next.state }));
      prepared.dispose();
      return [{ ...next }, { ...after }];
    });
  });

  it('is refused before any work when it is none, of another mechanism, gone, or of a memory of another length', () => {
    const prepared = mechanism.prepare(memory);
    const other = coverage(options);
    const own = (): tf.TensorContainer & object => mechanism.attend(step(0), prepared).state!;
    const state = own() as Parameters<typeof gatherState>[0];
    const foreign = other.initialState(other.prepare(memory))!;
    const gone = own() as typeof state;
    tf.dispose(gone);
    const fewer = gatherState(state, [0, 1, 1]);
    const stateless = dot({ width: 4 });
    const points = stateless.prepare(query);
    const shorter = mechanism.prepare(tf.slice(memory, [0, 0, 0], [B, 3, 6]));
    expect(stateless.initialState(points)).toBeUndefined();
    expect(stateless.attend(query, points)).not.toHaveProperty('state');
    const [first, wide] = [step(0), random([4, 4])];
    const cases: [string, () => unknown][] = [
      ['INVALID_ARGUMENT', () => mechanism.attend(first, prepared, { state: { ...state } })],
      ['INVALID_ARGUMENT', () => mechanism.attend(first, prepared, { state: 1 as never })],
      ['INVALID_ARGUMENT', () => mechanism.attend(first, prepared, { state: null as never })],
      ['INVALID_ARGUMENT', () => mechanism.attend(first, prepared, { state: foreign })],
      ['INVALID_ARGUMENT', () => stateless.attend(query, points, { state })],
      ['DISPOSED', () => mechanism.attend(first, prepared, { state: gone })],
      ['DISPOSED', () => mechanism.parts(first, prepared, { state: gone })],
      ['SHAPE_MISMATCH', () => mechanism.attend(first, prepared, { state: fewer })],
      ['SHAPE_MISMATCH', () => mechanism.attend(wide, prepared, { state })],
      ['SHAPE_MISMATCH', () => mechanism.attend(wide, prepared)],
      ['SHAPE_MISMATCH', () => mechanism.attend(first, shorter, { state })],
      ['INVALID_ARGUMENT', () => gatherState({ ...state }, [0])],
      ['INVALID_ARGUMENT', () => gatherState(state, [0, B])],
      ['INVALID_ARGUMENT', () => mechanism.initialState(points)],
      ['DISPOSED', () => gatherState(gone, [0])],
    ];
    const tensors = tf.memory().numTensors;
    for (const [code, run] of cases) expect([code, String(run)]).toEqual([codeOf(run), String(run)]);
    expect(tf.memory().numTensors).toBe(tensors);
    other.dispose();
    expect(codeOf(() => other.initialState(prepared))).toBe('DISPOSED');
  });
});
