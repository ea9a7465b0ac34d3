import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { BACKENDS, codeOf, expectClose, expectNoLeak, random, useBackend, values } from '../test/engine.js';
import { additive, multiHead, type PreparedMemory } from './index.js';

describe.each(BACKENDS)('on $name', (factory) => {
  useBackend(factory);
  const mechanism = () => additive({ queryWidth: 3, memoryWidth: 4, units: 5, seed: 1 });
  const h = (time: number, seed = 1): tf.Tensor3D => random<tf.Rank.R3>([2, time, 4], seed);
  const query = (): tf.Tensor2D => random<tf.Rank.R2>([2, 3], 9);

  describe('lives as long as the tidy that prepared it', () => {
    it('which frees it at its end', () => {
      const m = mechanism();
      const [memory, q] = [h(2), query()];
      expectNoLeak(() => {
        const prepared: PreparedMemory[] = [];
        tf.tidy(() => void prepared.push(m.prepare(memory).append(memory)));
        expect(prepared[0].isDisposed).toBe(true);
        expect(codeOf(() => m.attend(q, prepared[0]))).toBe('DISPOSED');
        prepared[0].dispose();
        return [];
      });
    });

    it('or without one until dispose, also when it grows or is reordered inside inner ones', () => {
      const m = mechanism();
      const [memory, more, q, mask] = [h(2), h(1, 2), query(), tf.ones<tf.Rank.R2>([2, 2], 'bool')];
      const expected = m.attend(q, m.prepare(tf.concat([memory, more, more], 1))).context;
      expectNoLeak(() => {
        const prepared = m.prepare(memory, { mask });
        tf.tidy(() => void prepared.append(more));
        tf.tidy(() => tf.tidy(() => void prepared.append(more).reorder([1, 0]).reorder([1, 0])));
        expect(prepared.isDisposed).toBe(false);
        const { context } = m.attend(q, prepared);
        expect(values(context)).toEqual(values(expected));
        context.dispose();
        prepared.dispose();
        expect(prepared.isDisposed).toBe(true);
        return [];
      });
    });

    it('or the outer one when it grows in an inner one', () => {
      const m = mechanism();
      const [memory, more] = [h(2), h(1, 2)];
      expectNoLeak(() =>
        tf.tidy(() => {
          const prepared = m.prepare(memory);
          tf.tidy(() => void prepared.append(more));
          tf.tidy(() => void tf.tidy(() => void prepared.append(more)));
          expect(prepared.length).toBe(4);
          return m.attend(query(), prepared).context;
        }),
      );
    });

    it('or the caller of a tidy that returns it', () => {
      const m = mechanism();
      const [memory, q] = [h(2), query()];
      expectNoLeak(() => {
        const prepared = tf.tidy(() => m.prepare(memory, { lengths: [1, 2] }) as never) as PreparedMemory;
        expect(prepared.isDisposed).toBe(false);
        tf.tidy(() => void prepared.append(memory));
        const { context } = m.attend(q, prepared);
        prepared.dispose();
        return context;
      });
    });
  });

  it('reorder makes row i what row rows[i] was, mask and lengths too, with rows repeated or fewer', () => {
    const m = mechanism();
    const memory = random<tf.Rank.R3>([3, 4, 4]);
    const mask = tf.tensor2d([1, 1, 1, 0, 0, 1, 1, 1, 1, 0, 1, 1], [3, 4], 'bool');
    const lengths = [4, 3, 2];
    for (const rows of [[2, 0, 1], [1, 1, 1, 0, 2], [2], []]) {
      const index = tf.tensor1d(rows, 'int32');
      const prepared = m.prepare(memory, { mask, lengths }).reorder(index);
      expect(prepared.batch).toBe(rows.length);
      if (rows.length === 0) continue;
      const q = random<tf.Rank.R2>([rows.length, 3]);
      const expected = m.prepare(tf.gather(memory, index), {
        mask: tf.gather(mask, index),
        lengths: rows.map((row) => lengths[row]),
      });
      expect(values(m.attend(q, prepared).context)).toEqual(values(m.attend(q, expected).context));
    }
  });

  it('append returns the memory itself, keeps what was masked masked, and counts all that is new', () => {
    const m = mechanism();
    const memory = h(3);
    const prepared = m.prepare(memory, { lengths: [1, 3] });
    expect(prepared.append(h(2, 2))).toBe(prepared);
    expect(prepared.append(tf.zeros([2, 0, 4])).length).toBe(5);
    const { weights } = m.attend(query(), prepared, { returnWeights: true });
    const rows = weights.arraySync() as number[][];
    expect(rows[0].map((w) => w > 0)).toEqual([true, false, false, true, true]);
    expect(rows[1].every((w) => w > 0)).toBe(true);
    const short = m.prepare(tf.tensor3d([memory.arraySync()[0].slice(0, 1)])).append(tf.slice(h(2, 2), 0, 1));
    const alone = m.attend(tf.slice(query(), 0, 1), short);
    expectClose(values(tf.slice(m.attend(query(), prepared).context, 0, 1)), values(alone.context), 1e-6);
  });

  it('truncate takes positions back, whatever was seen of them, and refuses more than there are', () => {
    const m = mechanism();
    const [memory, first, second, q] = [h(2), h(3, 2), h(3, 3), query()];
    expectNoLeak(() => {
      const prepared = m.prepare(memory, { capacity: 9 });
      const other = m.prepare(memory).append(second);
      prepared.append(first);
      const seen = prepared.tensors();
      const numbers = values(seen.keys);
      prepared.truncate(2).append(second);
      const look = (one: PreparedMemory) => tf.tidy(() => values(m.attend(q, one).context));
      expect(look(prepared)).toEqual(look(other));
      // What was given away stays as it was.
      expect(values(seen.keys)).toEqual(numbers);
      expect(prepared.truncate(0).length).toBe(0);
      for (const length of [1, -1, 0.5, NaN]) expect(codeOf(() => prepared.truncate(length))).toBe('INVALID_ARGUMENT');
      tf.dispose({ ...seen });
      prepared.dispose();
      expect(codeOf(() => prepared.truncate(0))).toBe('DISPOSED');
      other.dispose();
      return [];
    });
  });

  it('is borrowed from nothing: the memory may be disposed, and so may the mechanism, for whom append then ends', () => {
    const m = multiHead({ queryWidth: 4, memoryWidth: 4, heads: 2, seed: 1 });
    const memory = h(2);
    const prepared = m.prepare(memory);
    m.dispose();
    expect(codeOf(() => prepared.append(memory))).toBe('DISPOSED');
    expect(prepared.isDisposed).toBe(false);
    prepared.dispose();
  });

  it('trains through append under variableGrads, in which nothing is freed too early', () => {
    const m = mechanism();
    const [memory, more, q] = [h(2), h(1, 2), query()];
    const variables = Object.values(m.parameters);
    const loss = (grow: boolean): tf.Scalar => {
      const prepared = grow ? m.prepare(memory) : m.prepare(tf.concat([memory, more], 1));
      if (grow) tf.tidy(() => void prepared.append(more));
      const { context } = m.attend(q, prepared);
      prepared.dispose();
      return tf.sum(tf.square(context));
    };
    expectNoLeak(() => {
      const [grown, whole] = [true, false].map((grow) => tf.variableGrads(() => loss(grow), variables));
      for (const { name } of variables) expectClose(values(grown!.grads[name]), values(whole!.grads[name]), 1e-6);
      return [grown!.value, grown!.grads, whole!.value, whole!.grads];
    });
  });
});
