import * as tf from '@tensorflow/tfjs-core';
import { HeedError, show } from '@heed/core';
import type { CaptionerConfig } from './config.js';

/** Pixels, row by row, each of `channels` bytes. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly data: Uint8Array | Uint8ClampedArray;
}

/** A byte of the middle, so that numbers are from −1 to 1. */
const MIDDLE = 127.5;

type Sides = Pick<CaptionerConfig, 'size' | 'channels'>;

/**
 * Pictures as a model is given them, [B, S, S, C] from −1 to 1.
 *
 * @throws HeedError INVALID_ARGUMENT for what is no picture; SHAPE_MISMATCH for one of other sides or channels
 */
export function pictureBatch(pictures: readonly Pixels[], { size, channels }: Sides): tf.Tensor4D {
  checkPictures(pictures, { size, channels });
  const count = size * size * channels;
  const values = new Float32Array(pictures.length * count);
  pictures.forEach(({ data }, b) => {
    for (let n = 0; n < count; n++) values[b * count + n] = data[n] / MIDDLE - 1;
  });
  return tf.tensor4d(values, [pictures.length, size, size, channels]);
}

/** @throws HeedError INVALID_ARGUMENT, SHAPE_MISMATCH */
export function checkPictures(pictures: readonly Pixels[], { size, channels }: Sides): void {
  pictures.forEach((picture, b) => {
    const { data } = (picture ?? {}) as Partial<Pixels>;
    const isBytes = data instanceof Uint8Array || data instanceof Uint8ClampedArray;
    if (!isBytes) {
      throw new HeedError('INVALID_ARGUMENT', {
        message: `captioner: picture ${b} of ${pictures.length} is ${show(picture)}`,
        hint: 'pass { width, height, channels, data }, the data as bytes',
      });
    }
    const shape = [picture.height, picture.width, picture.channels];
    const fits = shape.join() === [size, size, channels].join() && data.length === size * size * channels;
    if (fits) return;
    throw new HeedError('SHAPE_MISMATCH', {
      message: `captioner: picture ${b} of ${pictures.length} is [${shape}] with ${data.length} bytes, and the model's are [${size},${size},${channels}]`,
      hint: 'height, width, channels: resize the picture, and flatten one that has an alpha channel where the model has none',
      details: { shape, bytes: data.length, expected: [size, size, channels] },
    });
  });
}
