import * as tf from '@tensorflow/tfjs-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  advances,
  both,
  causal,
  dotProductAttention,
  onlyWhile,
  replayable,
  selectBackend,
  slidingWindow,
  staysBelow,
  type Replayable,
  type SelectedBackend,
} from '@heed/core';
import { squaredRelu, tensorScatterInPlace } from '@heed/core/model-ops';
import { openEngine } from '../engine.js';
import { wasm } from '../index.js';

type Named = Readonly<Record<string, tf.Tensor>>;

let backend: SelectedBackend;
beforeAll(async () => {
  backend = await selectBackend(wasm({ threads: 1 }));
});
afterAll(() => backend.dispose());

let made: Replayable[] = [];
afterEach(() => {
  for (const one of made) one.dispose();
  made = [];
});

/** A replayable function, and how often it was run itself. */
function watched(run: (given: Named) => Named) {
  const f = vi.fn(run);
  const call = replayable(f);
  made.push(call);
  return { call, runs: () => f.mock.calls.length };
}

const ones = (...shape: number[]): tf.Tensor => tf.ones(shape);
const numbers = (x: tf.Tensor | undefined): number[] => Array.from(x!.dataSync());

describe('a replayable function', () => {
  it('is run twice for inputs of the same shapes, and no more', () => {
    const { call, runs } = watched(({ x }) => ({ y: tf.mul(x!, 2) }));
    tf.tidy(() => {
      for (let n = 1; n < 6; n++) expect(numbers(call({ x: tf.fill([3], n) })['y'])).toEqual([2 * n, 2 * n, 2 * n]);
      expect(runs()).toBe(2);
      call({ x: ones(4) });
      call({ x: ones(4) });
      call({ x: ones(4) });
      call({ x: ones(3) });
      expect(runs()).toBe(4);
      call({ x: tf.ones([3], 'int32') });
      expect(runs()).toBe(5);
    });
  });

  it('gives tensors that later calls leave as they are, and leaves its inputs as they are', () => {
    const { call } = watched(({ x }) => ({ same: x!, more: tf.add(x!, 1) }));
    tf.tidy(() => {
      const inputs = [1, 2, 3, 4].map((n) => tf.fill([2], n));
      const results = inputs.map((x) => call({ x }));
      expect(results.map(({ same }) => numbers(same)[0])).toEqual([1, 2, 3, 4]);
      expect(results.map(({ more }) => numbers(more)[0])).toEqual([2, 3, 4, 5]);
      expect(inputs.map((x) => numbers(x)[0])).toEqual([1, 2, 3, 4]);
    });
  });

  it('leaves the heap as it was when it is disposed of', async () => {
    const { memory } = await openEngine();
    const { call } = watched(({ x }) => ({ y: tf.matMul(tf.tanh(x!), tf.sigmoid(x!)) }));
    const state = (): number[] => [tf.memory().numTensors, tf.memory().numBytes, memory.buffer.byteLength];
    for (let size = 2; size < 40; size++) for (let n = 0; n < 3; n++) tf.tidy(() => void call({ x: ones(size, size) }));
    call.dispose();
    const before = state();
    for (let n = 0; n < 40; n++) {
      for (let size = 2; size < 40; size++) tf.tidy(() => void call({ x: ones(size, size) }));
      if (n % 4 === 3) call.dispose();
    }
    expect(state()).toEqual(before);
  });

  it.each<readonly [string, (x: tf.Tensor) => tf.Tensor]>([
    ['numbers are looked at', (x) => tf.mul(x, x.dataSync()[0]!)],
    ['a kernel loops over the heap by itself', (x) => tf.cast(tf.cumsum(x), 'float32')],
    ['other numbers come in each time', (x) => tf.add(x, Math.random())],
  ])('runs each time where %s', (_, run) => {
    const { call, runs } = watched(({ x }) => ({ y: run(x!) }));
    tf.tidy(() => {
      for (let n = 1; n < 9; n++) call({ x: tf.fill([3], n) });
    });
    expect(runs()).toBe(8);
  });

  it('goes on with what stays in memory when a tensor outlives it', () => {
    const kept: tf.Tensor[] = [];
    const { call, runs } = watched(({ x }) => {
      const y = tf.mul(x!, 2);
      kept.push(tf.keep(tf.add(y, 1)));
      return { y };
    });
    tf.tidy(() => {
      for (let n = 0; n < 6; n++) call({ x: tf.fill([3], n) });
    });
    expect(runs()).toBe(6);
    expect(kept.map((one) => numbers(one)[0])).toEqual([1, 3, 5, 7, 9, 11]);
    tf.dispose(kept);
  });

  it('runs each time where much memory would have to be kept', async () => {
    const { memory } = await openEngine();
    const { call, runs } = watched(({ x }) => ({ y: tf.sum(tf.exp(tf.mul(x!, 2))) }));
    const x = ones(2 ** 20);
    for (let n = 0; n < 2; n++) tf.tidy(() => void call({ x }));
    const before = memory.buffer.byteLength;
    for (let n = 2; n < 12; n++) tf.tidy(() => void call({ x }));
    expect(runs()).toBe(12);
    expect(memory.buffer.byteLength).toBe(before);
    x.dispose();
  });

  it('leaves a tensor alone that came in while it was recorded, and stays', () => {
    let table: tf.Tensor | undefined;
    const { call, runs } = watched(({ x }) => {
      table ??= tf.keep(tf.tensor1d([1, 2, 3]));
      return { y: tf.mul(tf.add(x!, table), tf.exp(x!)) };
    });
    tf.tidy(() => {
      for (let n = 0; n < 8; n++) {
        const expected = [1, 2, 3].map((one) => Math.fround(Math.fround(n + one) * Math.fround(Math.exp(n))));
        const got = numbers(call({ x: tf.fill([3], n) })['y']);
        got.forEach((value, at) => expect(value / expected[at]!).toBeCloseTo(1, 5));
        expect(numbers(table)).toEqual([1, 2, 3]);
      }
    });
    expect(runs()).toBe(3); // the first recording comes to nothing
    table!.dispose();
  });

  it('is done again only while a count stays below its limit', () => {
    let at = 0;
    const table = tf.tensor1d([10, 11, 12, 13, 14, 15, 16, 17]);
    const counter = { at: () => at, canAdvance: () => true, advance: (by: number) => void (at += by) };
    const { call, runs } = watched(({ x }) => {
      advances(counter, 1);
      staysBelow(at, 6);
      at++;
      return { y: tf.add(x!, tf.mean(table)) };
    });
    tf.tidy(() => {
      for (let n = 0; n < 6; n++) call({ x: ones(1) });
      expect(runs()).toBe(2);
      call({ x: ones(1) });
      expect(runs()).toBe(3);
    });
    table.dispose();
  });

  it('is done again only while what it depends on holds', () => {
    let factor = 2;
    const { call, runs } = watched(({ x }) => {
      const now = factor;
      onlyWhile(() => factor === now);
      return { y: tf.mul(x!, factor) };
    });
    tf.tidy(() => {
      for (const value of [2, 2, 2, 3, 3, 3, 2]) {
        factor = value;
        expect(numbers(call({ x: ones(1) })['y'])).toEqual([value]);
      }
    });
    expect(runs()).toBe(5);
  });

  it('is done again also when the far end of a window begins to move', () => {
    let at = 0;
    const counter = { at: () => at, canAdvance: () => true, advance: (by: number) => void (at += by) };
    const [key, value] = [1, 2].map((seed) => tf.randomNormal<tf.Rank.R4>([1, 1, 12, 4], 0, 1, 'float32', seed));
    const attend = ({ x }: Named): Named => {
      const mask = both(causal({ offset: at }), slidingWindow({ left: 3, offset: at }));
      return { y: dotProductAttention(x as tf.Tensor4D, key!, value!, { mask }).context };
    };
    const { call, runs } = watched((given) => {
      advances(counter, 1);
      const made = attend(given);
      at++;
      return made;
    });
    tf.tidy(() => {
      const x = tf.ones([1, 1, 1, 4]);
      const wanted = Array.from({ length: 12 }, (_, n) => {
        at = n;
        return numbers(attend({ x })['y']);
      });
      at = 0;
      for (const row of wanted) expect(numbers(call({ x })['y'])).toEqual(row);
    });
    expect(runs()).toBe(2);
    tf.dispose([key!, value!]);
  });

  it('is recorded anew when a tensor that it reads is gone, or is another', () => {
    let factor = tf.scalar(2);
    const { call, runs } = watched(({ x }) => ({ y: tf.mul(x!, factor) }));
    tf.tidy(() => {
      for (let n = 0; n < 4; n++) expect(numbers(call({ x: ones(1) })['y'])).toEqual([2]);
    });
    factor.dispose();
    factor = tf.scalar(5);
    tf.tidy(() => {
      for (let n = 0; n < 6; n++) expect(numbers(call({ x: ones(1) })['y'])).toEqual([5]);
    });
    expect(runs()).toBe(4);
    factor.dispose();
  });

  it('sees what a variable holds now', () => {
    const factor = tf.variable(tf.scalar(2));
    const { call } = watched(({ x }) => ({ y: tf.mul(x!, factor) }));
    tf.tidy(() => {
      for (const value of [2, 2, 2, 3, 3, 4, 5]) {
        factor.assign(tf.scalar(value));
        expect(numbers(call({ x: ones(1) })['y'])).toEqual([value]);
      }
    });
    factor.dispose();
  });

  it('writes into no tensor whose numbers another shares', () => {
    let cache = tf.zeros([1, 4, 1]);
    const { call } = watched(({ x }) => {
      const written = tensorScatterInPlace(cache, x!, { starts: 1 });
      if (written !== cache) {
        tf.keep(written);
        cache.dispose();
        cache = written;
      }
      return { y: tf.square(cache) };
    });
    tf.tidy(() => {
      for (let n = 1; n < 5; n++) expect(numbers(call({ x: tf.fill([1, 1, 1], n) })['y'])).toEqual([0, n * n, 0, 0]);
      const shared = tf.clone(cache);
      expect(numbers(call({ x: tf.fill([1, 1, 1], 9) })['y'])).toEqual([0, 81, 0, 0]);
      expect(numbers(shared)).toEqual([0, 4, 0, 0]);
    });
    cache.dispose();
  });

  it('passes an error on, and works afterwards', () => {
    let fails = true;
    const { call } = watched(({ x }) => {
      const y = tf.mul(x!, 2);
      if (fails) throw new Error('not now');
      return { y };
    });
    const before = tf.memory().numTensors;
    expect(() => tf.tidy(() => call({ x: ones(2) }))).toThrow('not now');
    fails = false;
    tf.tidy(() => {
      for (let n = 0; n < 5; n++) expect(numbers(call({ x: tf.fill([2], n) })['y'])).toEqual([2 * n, 2 * n]);
    });
    expect(tf.memory().numTensors).toBe(before);
  });

  it('is differentiable, as it runs while a gradient is taken', () => {
    const { call } = watched(({ x }) => ({ y: squaredRelu(x as tf.Tensor2D) }));
    tf.tidy(() => {
      for (let n = 0; n < 4; n++) call({ x: tf.fill([1, 2], n) });
      const gradient = tf.grad((x) => call({ x })['y']!)(tf.fill([1, 2], 3));
      expect(numbers(gradient)).toEqual([6, 6]);
    });
  });

  it('runs each time where the backend is asked to', async () => {
    const plain = await selectBackend(wasm({ threads: 1, replays: false }));
    const { call, runs } = watched(({ x }) => ({ y: tf.mul(x!, 2) }));
    tf.tidy(() => {
      for (let n = 0; n < 4; n++) call({ x: ones(2) });
    });
    expect(runs()).toBe(4);
    await plain.dispose();
    backend = await selectBackend(wasm({ threads: 1 }));
  });
});
