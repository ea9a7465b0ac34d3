import { expect, it } from 'vitest';
import { bytesOf, difference, frontEnds } from '../../test/vectors.js';
import { centerCrop } from './center-crop.js';
import { decodePicture } from './decode-picture.js';
import { FILTERS } from './filters.js';
import { rgbOf, type RgbPicture } from './picture.js';
import { resize } from './resize.js';

interface Made {
  readonly width: number;
  readonly height: number;
  readonly rgb: string;
}

interface Pictures {
  readonly source: Made;
  readonly resized: readonly (Made & { readonly filter: number })[];
  readonly cropped: readonly Made[];
  readonly files: readonly (Made & { readonly name: string; readonly file: string })[];
}

const { source, resized, cropped, files } = frontEnds<Pictures>('pictures.json');
const SOURCE: RgbPicture = { ...source, data: new Uint8ClampedArray(bytesOf(source.rgb)) };

it.each(resized)('filter $filter makes the $width by $height pixels that Pillow does', ({ filter, ...made }) => {
  const { data } = resize(SOURCE, made.width, made.height, FILTERS.get(filter));
  expect(Array.from(data)).toEqual(Array.from(bytesOf(made.rgb)));
});

it.each(cropped)('the middle $width by $height pixels are transformers’', ({ width, height, rgb }) => {
  expect(Array.from(centerCrop(SOURCE, width, height).data)).toEqual(Array.from(bytesOf(rgb)));
});

it.each(files)('$name is read as Pillow reads it', async ({ name, file, width, height, rgb }) => {
  const picture = await decodePicture(bytesOf(file));
  expect([picture.width, picture.height]).toEqual([width, height]);
  // Decoders of JPEG round otherwise, and spread colours that are stored for every other pixel otherwise.
  const tolerance = name.includes('fewer') ? 10 : name.includes('JPEG') ? 4 : 0;
  expect(difference(rgbOf(picture).data, bytesOf(rgb))).toBeLessThanOrEqual(tolerance);
});

const fileOf = (wanted: string): Uint8Array => bytesOf(files.find(({ name }) => name === wanted)!.file);

/** A PNG whose header says so many pixels on a side. */
function sized(side: number): Uint8Array {
  const bytes = fileOf('RGB');
  new DataView(bytes.buffer).setUint32(16, side);
  new DataView(bytes.buffer).setUint32(20, side);
  return bytes;
}

it.each([
  ['no bytes', new Uint8Array(0), 'FILE_INVALID', /PNG and JPEG/],
  ['another file', new TextEncoder().encode('GIF89a'), 'FILE_INVALID', /PNG and JPEG/],
  ['a PNG that is cut off', fileOf('RGB').subarray(0, 40), 'FILE_INVALID', /the PNG file can't be read/],
  ['a PNG of its signature alone', fileOf('RGB').subarray(0, 8), 'FILE_INVALID', /the PNG file can't be read/],
  ['a damaged PNG', fileOf('RGB').map((byte, n) => (n === 60 ? byte ^ 1 : byte)), 'FILE_INVALID', /can't be read/],
  ['a JPEG that is cut off', fileOf('JPEG').subarray(0, 100), 'FILE_INVALID', /the JPEG file can't be read/],
  ['a PNG of too many pixels', sized(2 ** 16), 'FILE_TOO_LARGE', /4294967296 pixels/],
])('%s is refused', async (_, bytes, code, message) => {
  await expect(decodePicture(bytes)).rejects.toThrow(
    expect.objectContaining({ code, message: expect.stringMatching(message) as string }),
  );
});
