import { HeedError, show } from '@heed/base';

/** What a pixel is made of, by the number of its bytes: grey, grey and alpha, RGB, RGBA. */
export type Channels = 1 | 2 | 3 | 4;

/** A picture: rows of pixels, each of `channels` bytes. Alpha isn't multiplied into the colours. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly channels: Channels;
  /** Bytes, as many as width · height · channels. */
  readonly data: Uint8Array;
}

/** A picture of red, green and blue. */
export interface RgbPicture extends Picture {
  readonly channels: 3;
}

/** Pixels from other places, whose channels are what their number says, as a canvas's `ImageData` has them: RGBA. */
export interface PictureLike {
  readonly width: number;
  readonly height: number;
  /** Numbers from 0 to 255; 1 to 4 a pixel. */
  readonly data: ArrayLike<number>;
}

/** Most pixels of a picture, before and after its size is changed: 134 million. */
export const MOST_PIXELS = 2 ** 27;

/** Number of colours of RGB. */
export const COLOURS = 3;

/** Names of pixels by their number of channels, for messages. */
const KINDS = 'one, two, three or four for each pixel: grey, grey and alpha, RGB, RGBA';

/**
 * A picture of pixels from somewhere else. Numbers outside of 0 to 255 become the nearest byte, fractions are rounded.
 *
 * @throws HeedError INVALID_ARGUMENT for what is no picture, SHAPE_MISMATCH when the pixels aren't as many as its sides say
 */
export function pictureOf(picture: PictureLike): Picture {
  const { width, height, data } = (picture ?? {}) as Partial<PictureLike>;
  if (!isSize(width) || !isSize(height) || width * height > MOST_PIXELS || typeof data?.length !== 'number') {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `a picture is ${show(picture)}`,
      hint: `{ width, height, data }, of at most ${MOST_PIXELS} pixels, as decodePicture gives`,
    });
  }
  const channels = data.length / (width * height);
  if (channels !== 1 && channels !== 2 && channels !== 3 && channels !== 4) {
    throw new HeedError('SHAPE_MISMATCH', {
      message: `a picture of ${width} by ${height} pixels has ${data.length} numbers`,
      hint: KINDS,
      details: { width, height, numbers: data.length },
    });
  }
  return { width, height, channels, data: data instanceof Uint8Array ? data : bytesOf(data) };
}

const isSize = (length: unknown): length is number => Number.isInteger(length) && (length as number) > 0;

/** Bytes of clamped numbers, without a copy. */
export const unclamped = (data: Uint8ClampedArray): Uint8Array =>
  new Uint8Array(data.buffer, data.byteOffset, data.length);

const bytesOf = (data: ArrayLike<number>): Uint8Array =>
  unclamped(data instanceof Uint8ClampedArray ? data : Uint8ClampedArray.from(data));

/** Whether pixels have an alpha channel, which is then their last. */
export const hasAlpha = (channels: Channels): boolean => channels % 2 === 0;

/**
 * A picture's colours, without its alpha, as PIL's `convert('RGB')` gives them.
 *
 * @throws HeedError as `pictureOf` does
 */
export function rgbOf(picture: PictureLike): RgbPicture {
  const { width, height, channels, data } = pictureOf(picture);
  if (channels === COLOURS) return { width, height, channels, data };
  const rgb = new Uint8Array(width * height * COLOURS);
  const isGrey = channels < COLOURS;
  for (let from = 0, to = 0; to < rgb.length; from += channels, to += COLOURS) {
    rgb[to] = data[from];
    rgb[to + 1] = data[isGrey ? from : from + 1];
    rgb[to + 2] = data[isGrey ? from : from + 2];
  }
  return { width, height, channels: COLOURS, data: rgb };
}

/**
 * A picture as RGBA, as `ImageData` has it; opaque where it has no alpha.
 *
 * @throws HeedError as `pictureOf` does
 */
export function rgbaOf(picture: PictureLike): Picture & { readonly channels: 4 } {
  const { width, height, channels, data } = pictureOf(picture);
  if (channels === 4) return { width, height, channels, data };
  const rgb = rgbOf({ width, height, data }).data;
  const rgba = new Uint8Array(width * height * 4);
  for (let n = 0; n < width * height; n++) {
    rgba.set(rgb.subarray(n * COLOURS, (n + 1) * COLOURS), n * 4);
    rgba[n * 4 + 3] = hasAlpha(channels) ? data[(n + 1) * channels - 1] : 255;
  }
  return { width, height, channels: 4, data: rgba };
}
