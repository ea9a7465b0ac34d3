import * as tf from '@tensorflow/tfjs-core';
import { canWriteInPlace, tensorScatterInPlace } from '@heed/core/model-ops';
import { describe, expect, it } from 'vitest';
import { BACKENDS, codeOf, expectClose, expectNoLeak, random, useBackend, values } from '../test/engine.js';
import { additive, dot, multiHead, type AttentionMechanism, type PreparedMemory } from './index.js';
import { MemoryStore, type Stored } from './memory-store.js';

describe.each(BACKENDS)('on $name', (factory) => {
  useBackend(factory);
  const writes = factory.name !== 'composed';

  describe('a store', () => {
    /** Positions `from`, `from + 1`, … whose numbers tell which they are: keys [2, 1, t, 3], values [2, 1, t, 2]. */
    const positions = (from: number, count: number): Stored => {
      const of = (width: number, sign: number): tf.Tensor4D => {
        const numbers = [0, 1].flatMap((b) =>
          Array.from({ length: count * width }, (_, n) => sign * (from + Math.floor(n / width) + 1000 * b)),
        );
        return tf.tensor4d(numbers, [2, 1, count, width]);
      };
      return { keys: of(3, 1), values: of(2, -1) };
    };
    /** Which positions a store has, going by each of its tensors' last columns. */
    const held = ({ keys, values: all }: Stored): number[] => {
      const [first, second] = [keys, all].map((x) => tf.tidy(() => values(tf.slice(x, [0, 0, 0, 1], [1, -1, -1, 1]))));
      expect(first).toEqual(second!.map((x) => -x));
      return first!;
    };
    const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, n) => from + n);

    it('writes where the numbers are, and its room doubles when it is full', () => {
      tf.tidy(() => {
        expect(canWriteInPlace()).toBe(writes);
        const store = new MemoryStore(positions(0, 3), undefined);
        const rooms: number[] = [];
        for (let n = 3; n < 70; n++) {
          const { dataId } = store.keys;
          const { capacity } = store;
          store.append(positions(n, 1), 0);
          if (writes && store.capacity === capacity) expect(store.keys.dataId).toBe(dataId);
          if (store.capacity !== capacity) rooms.push(store.capacity);
        }
        expect(held(store.exact())).toEqual(range(0, 70));
        expect(rooms).toEqual(writes ? [16, 32, 64, 128] : range(4, 71));
      });
    });

    it('takes no more memory while there is room for what comes', () => {
      tf.tidy(() => {
        const store = new MemoryStore(positions(0, 0), undefined);
        store.reserve(12);
        const before = tf.memory();
        for (let n = 0; n < 12; n += 3) tf.tidy(() => store.append(positions(n, 3), 0));
        expect(store.capacity).toBe(12);
        if (writes) expect(tf.memory()).toMatchObject({ numBytes: before.numBytes, numTensors: before.numTensors });
        expect(held(store.exact())).toEqual(range(0, 12));
      });
    });

    it('keeps the first and the last positions, of which the last are a ring', () => {
      tf.tidy(() => {
        const store = new MemoryStore(positions(0, 2), { first: 2, last: 4 });
        let all = range(0, 2);
        const append = (count: number): void => {
          const surplus = Math.max(0, store.length - 5);
          const next = all.at(-1)! + 1;
          store.append(positions(next, count), surplus);
          all = [...all.slice(0, 2), ...all.slice(2 + surplus), ...range(next, next + count)];
          expect(held(store.exact())).toEqual(all);
          expect(store.length).toBe(all.length);
        };
        for (let n = 0; n < 15; n++) append(1);
        expect(store.isOrdered).toBe(!writes);
        const { dataId } = store.keys;
        append(1);
        if (writes) expect(store.keys.dataId).toBe(dataId);
        append(3); // more than the ring has room for
        expect(store.isOrdered).toBe(true);
        for (let n = 0; n < 6; n++) append(1);
        store.reorder(Int32Array.of(1, 0));
        store.reorder(Int32Array.of(0, 1, 1));
        expect(held(store.exact())).toEqual(all.map((n) => n + 1000));
      });
    });

    it.each([
      ['a sequence', undefined],
      ['a ring', { first: 1, last: 3 }],
      ['a ring alone', { first: 0, last: 1 }],
    ])('what was seen of %s stays as it was', (_, keeps) => {
      tf.tidy(() => {
        const store = new MemoryStore(positions(0, 1), keeps);
        const most = keeps === undefined ? Infinity : keeps.first + keeps.last - 1;
        const seen: { readonly stored: Stored; readonly arrays: Float32Array[]; readonly numbers: number[][] }[] = [];
        for (let n = 1; n < 40; n++) {
          const { keys, values: all } = store.exact();
          const stored = { keys: tf.clone(keys), values: tf.clone(all) };
          const arrays = [stored.keys, stored.values].map((x) => x.dataSync() as Float32Array);
          seen.push({ stored, arrays, numbers: arrays.map((array) => Array.from(array)) });
          store.append(positions(n, 1), Math.max(0, store.length - most));
        }
        for (const { stored, arrays, numbers } of seen) {
          expect(arrays.map((array) => Array.from(array))).toEqual(numbers);
          expect([stored.keys, stored.values].map(values)).toEqual(numbers);
        }
      });
    });

    it('copies numbers that another tensor shares', () => {
      tf.tidy(() => {
        const cache = tf.zeros<tf.Rank.R3>([1, 3, 2]);
        const update = tf.ones<tf.Rank.R3>([1, 1, 2]);
        const shared = tf.reshape(cache, [6]);
        expect(values(tensorScatterInPlace(cache, update, { starts: 2 }))).toEqual([0, 0, 0, 0, 1, 1]);
        expect(values(shared)).toEqual([0, 0, 0, 0, 0, 0]);
        shared.dispose();
        tensorScatterInPlace(cache, update, { starts: 1 });
        expect(values(cache)).toEqual(writes ? [0, 0, 1, 1, 0, 0] : [0, 0, 0, 0, 0, 0]);
        const taken = tf.grad((x: tf.Tensor) => tf.sum(tensorScatterInPlace(cache, x)))(update);
        expect(values(taken)).toEqual([1, 1]);
        expect(values(cache).slice(0, 2)).toEqual([0, 0]);
      });
    });
  });

  describe('a memory that grew by steps gives what one that is prepared at once gives', () => {
    const steps = 23;
    const mask = (): tf.Tensor2D => tf.tensor2d([0, 1, 1, 1, 1, 1], [2, 3], 'bool');
    const heads = { queryWidth: 4, memoryWidth: 4, heads: 2, seed: 1 } as const;
    const mechanisms: readonly (readonly [string, () => AttentionMechanism])[] = [
      ['dot', () => dot({ width: 4 })],
      ['additive', () => additive({ queryWidth: 4, memoryWidth: 4, units: 5, seed: 1 })],
      ['multiHead', () => multiHead(heads)],
      ['rotary', () => multiHead({ ...heads, rotary: {} })],
      ['ALiBi with sinks', () => multiHead({ ...heads, alibi: {}, sinks: true })],
      ['relative', () => multiHead({ ...heads, relative: { reach: 5 } })],
      ['sparsemax', () => multiHead({ ...heads, normalizer: 'sparsemax' })],
    ];

    it.each(mechanisms)('%s', (_, make) => {
      const m = make();
      const h = random<tf.Rank.R3>([2, steps, 4], 3);
      const q = random<tf.Rank.R3>([2, 3, 4], 4);
      const upTo = (time: number): tf.Tensor3D => tf.slice(h, [0, 0, 0], [2, time, 4]);
      expectNoLeak(() =>
        tf.tidy(() => {
          for (const capacity of [undefined, 8]) {
            const given = { mask: mask(), ...(capacity !== undefined && { capacity }) };
            const grown = m.prepare(upTo(3), given);
            for (let n = 3; n < steps; n++) {
              grown.append(tf.slice(h, [0, n, 0], [2, 1, 4]));
              if (n % 5 > 0) continue;
              const whole = m.prepare(upTo(n + 1), { mask: tf.concat([mask(), tf.ones([2, n - 2], 'bool')], 1) });
              const look = (memory: PreparedMemory): readonly number[][] => {
                const one = m.attend(tf.slice(q, [0, 0, 0], [2, 1, 4]).reshape<tf.Tensor2D>([2, 4]), memory);
                const options = { causal: true, alignment: { align: 'bottom-right' } } as const;
                const several = m.attend(q, memory, { ...options, returnLogSumExp: true });
                const weighed = m.attend(q, memory, { ...options, returnWeights: true });
                return [one.context, several.context, several.logSumExp, weighed.context, weighed.weights].map(values);
              };
              const [got, expected] = [look(grown), look(whole)];
              got.forEach((numbers, at) => expectClose(numbers, expected[at]!, 1e-6));
            }
          }
          return [];
        }),
      );
      m.dispose();
    });

    it('with lengths and a capacity, of which the room takes no part', () => {
      tf.tidy(() => {
        const m = dot({ width: 4 });
        const h = random<tf.Rank.R3>([2, 3, 4], 3);
        const q = random<tf.Rank.R2>([2, 4], 4);
        const [roomy, plain] = [{ capacity: 20 }, {}].map((more) => m.prepare(h, { lengths: [1, 3], ...more }));
        expect(values(m.attend(q, roomy!).context)).toEqual(values(m.attend(q, plain!).context));
        for (const memory of [roomy!, plain!]) memory.append(tf.slice(h, [0, 0, 0], [2, 1, 4]));
        expect(values(m.attend(q, roomy!).context)).toEqual(values(m.attend(q, plain!).context));
        const parts = [roomy!, plain!].map((memory) => m.parts(q, memory));
        expect(parts[0]!.weights.shape).toEqual([2, 1, 4]);
        expect(parts.map(({ keys }) => values(keys))[0]).toEqual(values(parts[1]!.keys));
      });
    });

    it('and trains on inside a gradient, whatever room there is', () => {
      const m = dot({ width: 4 });
      const h = random<tf.Rank.R3>([2, 3, 4], 3);
      const q = random<tf.Rank.R2>([2, 4], 4);
      const next = random([2, 1, 4], 5);
      expectNoLeak(() => {
        const memory = m.prepare(h, { capacity: 9 });
        const loss = (more: tf.Tensor3D): tf.Scalar => tf.sum(m.attend(q, memory.append(more)).context);
        const gradient = tf.grad(loss as (x: tf.Tensor) => tf.Tensor)(next);
        const whole = tf.grad((more: tf.Tensor) => {
          const all = m.prepare(tf.concat([h, more as tf.Tensor3D], 1));
          return tf.sum(m.attend(q, all).context);
        })(next);
        expectClose(values(gradient), values(whole), 1e-6);
        memory.dispose();
        return [gradient, whole];
      });
    });

    it('streaming: a ring looks as positions in order do', () => {
      const options = { ...heads, rotary: {} };
      for (const positions of ['cache', 'text'] as const) {
        const m = multiHead({ ...options, streaming: { sinks: 2, window: 5, positions } });
        const h = random<tf.Rank.R3>([2, steps, 4], 3);
        const at = (n: number): tf.Tensor3D => tf.slice(h, [0, n, 0], [2, 1, 4]);
        expectNoLeak(() =>
          tf.tidy(() => {
            const memory = m.prepare(at(0));
            for (let n = 1; n < steps; n++) {
              memory.append(at(n));
              const q = at(n).reshape<tf.Tensor2D>([2, 4]);
              const [plain, causal] = [{}, { causal: true }].map((more) => values(m.attend(q, memory, more).context));
              // Weights are found of positions in order.
              expectClose(plain!, values(m.attend(q, memory, { returnWeights: true }).context), 1e-6);
              expect(causal).toEqual(plain);
            }
            expect(memory.length).toBe(7);
            expect([...memory.held]).toEqual([0, 1, 18, 19, 20, 21, 22]);
            return [];
          }),
        );
        m.dispose();
      }
    });
  });

  it('refuses a capacity that holds less than there is, or is no number of positions', () => {
    const m = dot({ width: 4 });
    const h = random<tf.Rank.R3>([1, 3, 4]);
    for (const capacity of [2, 3.5, NaN, -1, '9' as unknown as number]) {
      expect(codeOf(() => m.prepare(h, { capacity }))).toBe('INVALID_ARGUMENT');
    }
    const memory = m.prepare(h, { capacity: 3 });
    expect(memory.append(h).length).toBe(6);
    memory.dispose();
  });
});
