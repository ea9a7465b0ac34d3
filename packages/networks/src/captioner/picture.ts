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
const WHITE = 255;

type Sides = Pick<CaptionerConfig, 'size' | 'channels'>;

/**
 * Pictures as a model is given them, [B, S, S, C] from −1 to 1; what is clear is white, where the model sees no alpha.
 *
 * @throws HeedError INVALID_ARGUMENT for what is no picture; SHAPE_MISMATCH for one of other sides or channels
 */
export function pictureBatch(pictures: readonly Pixels[], { size, channels }: Sides): tf.Tensor4D {
  checkPictures(pictures, { size, channels });
  const count = size * size * channels;
  const values = new Float32Array(pictures.length * count);
  pictures.forEach(({ data, channels: own }, b) => {
    for (let n = 0; n < count; n++) {
      // An alpha channel more than the model's lies behind each pixel's colours.
      const pixel = Math.floor(n / channels) * own;
      const value = data[pixel + (n % channels)];
      const share = own === channels ? 1 : data[pixel + channels] / WHITE;
      values[b * count + n] = (value * share + WHITE * (1 - share)) / MIDDLE - 1;
    }
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
    const hasAlphaMore = channels % 2 === 1 && picture.channels === channels + 1;
    const fits = picture.height === size && picture.width === size && (picture.channels === channels || hasAlphaMore);
    if (fits && data.length === size * size * picture.channels) return;
    throw new HeedError('SHAPE_MISMATCH', {
      message: `captioner: picture ${b} of ${pictures.length} is [${shape}] with ${data.length} bytes, and the model's are [${size},${size},${channels}]`,
      hint: 'height, width, channels: resize the picture; an alpha channel may be there where the model has none, and is laid on white',
      details: { shape, bytes: data.length, expected: [size, size, channels] },
    });
  });
}
