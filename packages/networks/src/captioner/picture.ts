import * as tf from '@tensorflow/tfjs-core';
import { HeedError, show } from '@heed/core';
import { channelsSeen, type CaptionerConfig } from './config.js';

/** Pixels, row by row, each of `channels` bytes. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly data: Uint8Array | Uint8ClampedArray;
}

/** One picture, or the frames of a film in their order. */
export type Shown = Pixels | readonly Pixels[];

const isFilm = (shown: Shown): shown is readonly Pixels[] => Array.isArray(shown);

const framesOf = (shown: Shown): readonly Pixels[] => (isFilm(shown) ? shown : [shown]);

/** What is shown, with each of its frames changed. */
export const changeFrames = (shown: Shown, change: (frame: Pixels) => Pixels): Shown =>
  isFilm(shown) ? shown.map(change) : change(shown);

/** A byte of the middle, so that numbers are from −1 to 1. */
const MIDDLE = 127.5;
const WHITE = 255;

type Sides = Pick<CaptionerConfig, 'size' | 'channels' | 'frames'>;

/**
 * Pictures as a model is given them, [B·F, S, S, C] from −1 to 1; what is clear is white, where the model sees no alpha. In a film each frame has
 * behind its own channels what they differ by from those of the frame before, from −2 to 2 and 0 in the first one, [B·F, S, S, 2·C]: so a change
 * is seen in one place, and where nothing changes there is nothing.
 *
 * @throws HeedError INVALID_ARGUMENT for what is no picture; SHAPE_MISMATCH for one of other sides, channels or number of frames
 * @see Simonyan & Zisserman 2014, arXiv:1406.2199, whose second stream sees motion alone; here it is the plain difference
 */
export function pictureBatch(pictures: readonly Shown[], sides: Sides): tf.Tensor4D {
  checkPictures(pictures, sides);
  const { size, channels } = sides;
  const stride = channelsSeen(sides);
  const count = size * size * stride;
  const films = pictures.map(framesOf);
  const values = new Float32Array(films.reduce((sum, frames) => sum + frames.length, 0) * count);
  let from = 0;
  for (const frames of films) {
    for (const [n, frame] of frames.entries()) {
      const own = values.subarray(from, from + count);
      lay(own, frame, { channels, stride });
      if (n > 0) subtract(own, values.subarray(from - count, from), { channels, stride });
      from += count;
    }
  }
  return tf.tensor4d(values, [values.length / count, size, size, stride]);
}

interface Pixel {
  /** Channels of the model's pictures. */
  readonly channels: number;
  /** Numbers of a pixel in all. */
  readonly stride: number;
}

/** Lays a picture's channels into numbers, first in each pixel. */
function lay(values: Float32Array, { data, channels: own }: Pixels, { channels, stride }: Pixel): void {
  // An alpha channel more than the model's lies behind each pixel's colours.
  for (let pixel = 0, to = 0; pixel < data.length; pixel += own, to += stride) {
    const share = own === channels ? 1 : data[pixel + channels] / WHITE;
    for (let channel = 0; channel < channels; channel++) {
      values[to + channel] = (data[pixel + channel] * share + WHITE * (1 - share)) / MIDDLE - 1;
    }
  }
}

/** Lays the differences from the frame before behind a frame's own channels. */
function subtract(values: Float32Array, before: Float32Array, { channels, stride }: Pixel): void {
  for (let to = 0; to < values.length; to += stride) {
    for (let channel = 0; channel < channels; channel++) {
      values[to + channels + channel] = values[to + channel] - before[to + channel];
    }
  }
}

/** @throws HeedError INVALID_ARGUMENT, SHAPE_MISMATCH */
export function checkPictures(pictures: readonly Shown[], sides: Sides): void {
  const { frames: count = 1 } = sides;
  pictures.forEach((shown, b) => {
    const what = `picture ${b} of ${pictures.length}`;
    const frames = framesOf(shown);
    frames.forEach((frame, n) => checkPicture(isFilm(shown) ? `frame ${n} of ${what}` : what, frame, sides));
    if (frames.length === count) return;
    throw new HeedError('SHAPE_MISMATCH', {
      message: `captioner: ${what} has ${frames.length} frames, and the model's have ${count}`,
      hint:
        count === 1
          ? 'this model is of single pictures'
          : 'pass the frames in their order; a shorter film may repeat its last one',
      details: { frames: frames.length, expected: count },
    });
  });
}

function checkPicture(what: string, picture: Pixels, { size, channels }: Sides): void {
  const { data } = (picture ?? {}) as Partial<Pixels>;
  const isBytes = data instanceof Uint8Array || data instanceof Uint8ClampedArray;
  if (!isBytes) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `captioner: ${what} is ${show(picture)}`,
      hint: 'pass { width, height, channels, data }, the data as bytes',
    });
  }
  const shape = [picture.height, picture.width, picture.channels];
  const hasAlphaMore = channels % 2 === 1 && picture.channels === channels + 1;
  const fits = picture.height === size && picture.width === size && (picture.channels === channels || hasAlphaMore);
  if (fits && data.length === size * size * picture.channels) return;
  throw new HeedError('SHAPE_MISMATCH', {
    message: `captioner: ${what} is [${shape}] with ${data.length} bytes, and the model's are [${size},${size},${channels}]`,
    hint: 'height, width, channels: resize the picture; an alpha channel may be there where the model has none, and is laid on white',
    details: { shape, bytes: data.length, expected: [size, size, channels] },
  });
}
