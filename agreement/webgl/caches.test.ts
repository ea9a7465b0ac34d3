import { webgl } from '@heed/backend-webgl';
import { multiHead } from '@heed/attention';
import { selectBackend, type AttentionBackend } from '@heed/core';
import { canWriteInPlace, tensorScatter, tensorScatterInPlace } from '@heed/core/model-ops';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, expect, it } from 'vitest';

let backend: AttentionBackend;
beforeEach(async () => (backend = await selectBackend(webgl())));
afterEach(() => backend.dispose());

const random = (shape: number[], seed: number): tf.Tensor4D =>
  tf.tidy(() => tf.add(tf.randomUniform(shape, -1, 1, 'float32', seed), 0)) as tf.Tensor4D;
const values = (x: tf.Tensor): number[] => [...x.dataSync()];

it.each<[string, number[], number[], number[], boolean]>([
  ['one slot that is first in its texels', [2, 3, 6, 8], [2, 3, 1, 8], [2, 2], false],
  ['one that is second', [2, 3, 6, 8], [2, 3, 1, 8], [3, 3], false],
  ['rows of their own', [2, 3, 7, 5], [2, 3, 1, 5], [6, 1], false],
  ['several', [3, 2, 9, 7], [3, 2, 4, 7], [5, 0, 3], false],
  ['round the end', [2, 1, 5, 4], [2, 1, 3, 4], [4, 3], true],
  ['a column', [1, 4, 5, 1], [1, 4, 2, 1], [1], false],
])('a cache is written where it is: %s', (_, shape, part, starts, circular) => {
  const [cache, update] = [random(shape, 1), random(part, 2)];
  const copied = tensorScatter(cache, update, { starts, circular });
  expect(canWriteInPlace()).toBe(true);
  const buffers = tf.memory().numDataBuffers;
  const written = tensorScatterInPlace(cache, update, { starts, circular });
  expect(tf.memory().numDataBuffers).toBe(buffers);
  cache.dispose();
  expect(values(written)).toEqual(values(copied));
  tf.dispose([update, copied, written]);
});

it('a cache that others share is copied', () => {
  const [cache, update] = [random([1, 2, 4, 4], 1), random([1, 2, 1, 4], 2)];
  const other = tf.clone(cache);
  const written = tensorScatterInPlace(cache, update, { starts: 1 });
  expect(values(written)).not.toEqual(values(cache));
  expect(values(other)).toEqual(values(cache));
  tf.dispose([cache, update, other, written]);
});

it('what grows place by place is attended to as what was there at once, and nothing is left behind', () => {
  const mechanism = multiHead({ queryWidth: 16, memoryWidth: 16, heads: 2, rotary: {}, seed: 4 });
  const text = tf.randomUniform([2, 40, 16], -1, 1, 'float32', 5) as tf.Tensor3D;
  const before = tf.memory().numTensors;
  tf.tidy(() => {
    const all = mechanism.attend(text, mechanism.prepare(text), { causal: true }).context;
    const memory = mechanism.prepare(tf.slice(text, [0, 0, 0], [2, 1, 16]));
    const steps: tf.Tensor[] = [];
    for (let t = 0; t < 40; t++) {
      const x = tf.slice(text, [0, t, 0], [2, 1, 16]);
      if (t > 0) memory.append(x);
      steps.push(mechanism.attend(x, memory, { causal: { offset: t } }).context);
    }
    const apart = tf.max(tf.abs(tf.sub(all, tf.concat(steps, 1))));
    expect(apart.dataSync()[0]).toBeLessThan(1e-5);
  });
  expect(tf.memory().numTensors).toBe(before);
  text.dispose();
  mechanism.dispose();
});
