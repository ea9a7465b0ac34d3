import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { replayable, selectBackend, type SelectedBackend } from '@heed/core';
import { wasm } from '../index.js';

let backend: SelectedBackend;
beforeAll(async () => {
  backend = await selectBackend(wasm({ threads: 1 }));
});
afterAll(() => backend.dispose());

const random = (shape: number[], seed: number): tf.Tensor => tf.randomNormal(shape, 0, 1, 'float32', seed);

describe('a replay', () => {
  it('gives the bits that a call gives, of inputs that it never saw', () => {
    const w = random([8, 8], 1) as tf.Tensor2D;
    const f = ({ x }: Readonly<Record<string, tf.Tensor>>) => {
      const y = tf.tanh(tf.matMul(x as tf.Tensor2D, w));
      return { sum: tf.add(tf.mul(y, 3), 1), both: tf.concat([y, x!], 1) };
    };
    const g = replayable(f);
    const before = tf.memory().numTensors;
    for (let n = 0; n < 6; n++) {
      tf.tidy(() => {
        const x = random([2, 8], 10 + n);
        const [got, expected] = [g({ x }), f({ x })].map((made) => Object.values(made));
        expect(got!.map((one) => [...one.dataSync()])).toEqual(expected!.map((one) => [...one.dataSync()]));
        tf.dispose(got!);
      });
    }
    expect(tf.memory().numTensors).toBe(before);
    g.dispose();
    w.dispose();
  });
});
