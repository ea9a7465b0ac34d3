import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { seenPicture } from './seen-picture.js';

const values = Float32Array.from([-1, 0, 1, 0, 0, 0, 5, 5, 5, 5, 10, 5]);
const SHAPE = [2, 3, 1, 2];

test('colours stand together again, from the darkest value to the brightest of one picture', () => {
  // Channels are apart: red −1 and 0, green 1 and 0, blue 0 and 0.
  expect(seenPicture({ shape: SHAPE, data: values })).toEqual({
    width: 2,
    height: 1,
    channels: 3,
    data: Uint8Array.of(0, 255, 128, 128, 128, 128),
  });
  expect([...seenPicture(tf.tensor(values, SHAPE), 1).data]).toEqual([0, 0, 255, 0, 0, 0]);
});

test('a picture of one colour is black', () => {
  expect([...seenPicture({ shape: [1, 3, 1, 1], data: [7, 7, 7] }).data]).toEqual([0, 0, 0]);
});

test.each([
  [[3, 1, 2], 0],
  [[1, 1, 2, 3], 0],
  [SHAPE, 2],
  [SHAPE, -1],
])('pixels [%s] have no picture %d', (shape, item) => {
  expect(() => seenPicture({ shape, data: values }, item)).toThrow(expect.objectContaining({ code: 'SHAPE_MISMATCH' }));
});
