import { HeedError, show } from '@heed/base';

/** A decoded picture: rows of pixels from 0 to 255, of grey, grey and alpha, RGB, or RGBA as a canvas's `ImageData` has them. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: ArrayLike<number>;
}

/** Pixels of three colours in rows. */
export interface RgbPicture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

/** Most pixels of a picture, before and after its size is changed: 134 million. */
export const MOST_PIXELS = 2 ** 27;

export const COLOURS = 3;

/**
 * A picture's colours, without its alpha, as PIL's `convert('RGB')` gives them.
 *
 * @throws HeedError INVALID_ARGUMENT for what is no picture, SHAPE_MISMATCH when the pixels aren't as many as its sides say
 */
export function rgbOf(picture: Picture): RgbPicture {
  const { width, height, data } = (picture ?? {}) as Partial<Picture>;
  const isSize = (length: unknown): length is number => Number.isInteger(length) && (length as number) > 0;
  if (!isSize(width) || !isSize(height) || width * height > MOST_PIXELS || typeof data?.length !== 'number') {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `a picture is ${show(picture)}`,
      hint: `{ width, height, data }, of at most ${MOST_PIXELS} pixels, as decodePicture gives`,
    });
  }
  const pixels = width * height;
  const channels = data.length / pixels;
  if (![1, 2, 3, 4].includes(channels)) {
    throw new HeedError('SHAPE_MISMATCH', {
      message: `a picture of ${width} by ${height} pixels has ${data.length} numbers`,
      hint: 'one, two, three or four for each pixel: grey, grey and alpha, RGB, RGBA',
      details: { width, height, numbers: data.length },
    });
  }
  const rgb = new Uint8ClampedArray(pixels * COLOURS);
  const isGrey = channels < COLOURS;
  for (let n = 0; n < rgb.length; n++) {
    rgb[n] = data[Math.floor(n / COLOURS) * channels + (isGrey ? 0 : n % COLOURS)]!;
  }
  return { width, height, data: rgb };
}
