import * as tf from '@tensorflow/tfjs-core';
import { HeedError } from '@heed/base';
import { COLOURS, type RgbPicture } from '@heed/pictures';
import type { Values } from '../networks/values.js';

/**
 * The picture that a model sees, cut and of its size: normalised pixels as colours again, from the darkest value to the brightest.
 *
 * @param pixelValues  shape [N, 3, height, width], as a processor makes them
 * @param item  which of the N
 * @throws HeedError SHAPE_MISMATCH for another shape, and where there is no such item
 */
export function seenPicture(pixelValues: Values, item = 0): RgbPicture {
  const { shape } = pixelValues;
  const [count = 0, colours, height = 0, width = 0] = shape;
  if (shape.length !== 4 || colours !== COLOURS || !(item >= 0 && item < count)) {
    throw new HeedError('SHAPE_MISMATCH', {
      message: `picture ${item} of pixels [${shape}]`,
      hint: 'pixels are [N, 3, height, width], and pictures are counted from 0',
      details: { shape, item },
    });
  }
  const values = pixelValues instanceof tf.Tensor ? pixelValues.dataSync() : pixelValues.data;
  const size = height * width;
  const start = item * COLOURS * size;
  let [low, high] = [Infinity, -Infinity];
  for (let n = start; n < start + COLOURS * size; n++) {
    low = Math.min(low, values[n]!);
    high = Math.max(high, values[n]!);
  }
  const scale = high > low ? 255 / (high - low) : 0;
  const data = new Uint8Array(COLOURS * size);
  for (let n = 0; n < size; n++) {
    for (let c = 0; c < COLOURS; c++) data[COLOURS * n + c] = Math.round((values[start + c * size + n]! - low) * scale);
  }
  return { width, height, channels: COLOURS, data };
}
