import fc from 'fast-check';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { HeedError } from '@heed/base';
import { bytesOf, difference, frontEnds, pictures } from '../../test/vectors.js';
import { rgbaOf, rgbOf } from '../picture.js';
import { decodePicture, pictureHeader } from './decode-picture.js';

const { files } = pictures;

/** Decoders of JPEG round otherwise; colours that are stored for every other pixel are spread otherwise. */
const toleranceOf = (name: string): number =>
  name.includes('fewer') ? 10 : name.includes('JPEG') ? 4 : name === 'WebP' ? 12 : 0;

it.each(files)('$name is read as Pillow 12 reads it', async ({ name, file, width, height, rgba }) => {
  const picture = await decodePicture(bytesOf(file));
  expect([picture.width, picture.height]).toEqual([width, height]);
  expect(picture.data).toHaveLength(width * height * picture.channels);
  expect(difference(rgbaOf(picture).data, bytesOf(rgba))).toBeLessThanOrEqual(toleranceOf(name));
});

it.each(frontEnds.files)('$name is read as Pillow 9 reads it', async ({ name, file, width, height, rgb }) => {
  const picture = await decodePicture(bytesOf(file));
  expect([picture.width, picture.height]).toEqual([width, height]);
  expect(difference(rgbOf(picture).data, bytesOf(rgb))).toBeLessThanOrEqual(toleranceOf(name));
});

it('keeps the channels that a file has', async () => {
  const channelsOf = async (name: string): Promise<number> => (await decodePicture(fileOf(name))).channels;
  expect(await channelsOf('grey')).toBe(1);
  expect(await channelsOf('one bit')).toBe(1);
  expect(await channelsOf('grey and alpha')).toBe(2);
  expect(await channelsOf('one bit with a clear colour')).toBe(2);
  expect(await channelsOf('RGB')).toBe(3);
  expect(await channelsOf('JPEG of greys')).toBe(1);
  expect(await channelsOf('palette with alpha')).toBe(4);
});

describe('files of libvips', () => {
  const colours = Uint8Array.from({ length: 20 * 11 * 3 }, (_, n) => (n * 37 + (n % 7) * 11) % 256);
  const raw = (): Sharp => sharp(colours, { raw: { width: 20, height: 11, channels: 3 } });

  it.each([
    ['a PNG of 16 bits', () => raw().toColourspace('rgb16').png()],
    ['an interlaced PNG', () => raw().png({ progressive: true })],
    ['an interlaced PNG of 16 bits', () => raw().toColourspace('rgb16').png({ progressive: true })],
    ['a PNG with a palette of alpha', () => raw().ensureAlpha(0.5).png({ palette: true, colours: 256, dither: 0 })],
  ])('%s is read as it reads it', async (_, write) => {
    const file = await write().toBuffer();
    const read = await sharp(file).toColourspace('srgb').ensureAlpha().raw().toBuffer();
    const picture = await decodePicture(new Uint8Array(file));
    expect(Array.from(rgbaOf(picture).data)).toEqual(Array.from(read));
  });
});

const fileOf = (wanted: string): Uint8Array<ArrayBuffer> => bytesOf(files.find(({ name }) => name === wanted)!.file);

/** A PNG whose header says so many pixels on a side. */
function sized(side: number): Uint8Array {
  const bytes = fileOf('RGB');
  new DataView(bytes.buffer).setUint32(16, side);
  new DataView(bytes.buffer).setUint32(20, side);
  return bytes;
}

/** The bytes of a JPEG with a change at its frame, counted from its marker. */
function framed(name: string, change: (frame: Uint8Array) => void): Uint8Array {
  const bytes = fileOf(name);
  const at = bytes.findIndex((byte, n) => byte === 0xff && [0xc0, 0xc2].includes(bytes[n + 1]!));
  change(bytes.subarray(at));
  return bytes;
}

/** A PNG with a chunk more after its header. */
function withChunk(name: string, data: Uint8Array): Uint8Array {
  const bytes = fileOf('RGB');
  const chunk = new Uint8Array(12 + data.length);
  new DataView(chunk.buffer).setUint32(0, data.length);
  chunk.set(new TextEncoder().encode(name), 4);
  chunk.set(data, 8);
  return Uint8Array.from([...bytes.subarray(0, 33), ...chunk, ...bytes.subarray(33)]);
}

const side20000 = (frame: Uint8Array): void => frame.set([0x4e, 0x20, 0x4e, 0x20], 5);
const cmyk = (): Promise<Buffer> =>
  sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
    .toColourspace('cmyk')
    .jpeg()
    .toBuffer();
const moving = (format: 'webp' | 'gif'): Promise<Buffer> =>
  sharp(Buffer.from([...Array(24).fill(255), ...Array(24).fill(9)]), {
    raw: { width: 2, height: 8, channels: 3, pageHeight: 4 },
  })
    .toFormat(format, { delay: [50, 50] })
    .toBuffer();
const interlacedBits = (): Uint8Array => {
  const bytes = fileOf('one bit');
  bytes[28] = 1;
  return bytes;
};

it.each([
  ['no bytes', new Uint8Array(0), 'FILE_INVALID', /PNG, JPEG, WebP/],
  ['another file', new TextEncoder().encode('%PDF-1.7'), 'FILE_INVALID', /PNG, JPEG, WebP/],
  ['a PNG that is cut off', fileOf('RGB').subarray(0, 40), 'FILE_INVALID', /ends too early/],
  ['a PNG of its signature alone', fileOf('RGB').subarray(0, 8), 'FILE_INVALID', /ends too early/],
  ['a damaged PNG', fileOf('RGB').map((byte, n) => (n === 60 ? byte ^ 1 : byte)), 'FILE_INVALID', /can't be read/],
  ['a PNG of a false size', sized(8), 'FILE_INVALID', /more pixels than its header says/],
  ['a PNG of too many pixels', sized(20_000), 'FILE_TOO_LARGE', /400000000 pixels \(20000 by 20000\)/],
  ['a PNG without a side', sized(0), 'FILE_INVALID', /0 by 0/],
  ['an animated PNG', withChunk('acTL', new Uint8Array(8)), 'FILE_INVALID', /animation.*frame/],
  ['an interlaced PNG of bits', interlacedBits(), 'FILE_INVALID', /interlac/],
  ['a JPEG that is cut off', fileOf('JPEG').subarray(0, 100), 'FILE_INVALID', /ends too early/],
  ['a JPEG without its end', fileOf('JPEG').subarray(0, -30), 'FILE_INVALID', /the JPEG file can't be read/],
  ['a JPEG of too many pixels', framed('JPEG', side20000), 'FILE_TOO_LARGE', /20000 by 20000/],
  ['a lossless JPEG', framed('JPEG', (frame) => (frame[1] = 0xc3)), 'FILE_INVALID', /kind that isn't read.*baseline/],
  ['a JPEG of twelve bits', framed('JPEG', (frame) => (frame[4] = 12)), 'FILE_INVALID', /of 12 bits/],
  ['a JPEG of four colours', cmyk(), 'FILE_INVALID', /CMYK.*RGB/],
  ['a WebP that is cut off', fileOf('WebP').subarray(0, 60), 'FILE_INVALID', /ends too early/],
  ['an animated WebP', moving('webp'), 'FILE_INVALID', /animation/],
  ['a GIF', moving('gif'), 'FILE_INVALID', /GIF.*PNG/],
])('%s is refused', async (_, bytes, code, message) => {
  await expect(decodePicture(new Uint8Array(await bytes))).rejects.toThrow(
    expect.objectContaining({ code, message: expect.stringMatching(message) as string }),
  );
});

it('skips what a PNG says besides its picture, which might be a bomb', async () => {
  const zeros = await import('fflate').then(({ zlibSync }) => zlibSync(new Uint8Array(2 ** 24)));
  const profile = Uint8Array.from([0x61, 0, 0, ...zeros]);
  expect((await decodePicture(withChunk('iCCP', profile))).data).toEqual((await decodePicture(fileOf('RGB'))).data);
});

it('takes 1 by 1 pixels, and as many as are allowed', async () => {
  const one = await sharp({ create: { width: 1, height: 1, channels: 3, background: 'red' } })
    .png()
    .toBuffer();
  expect(await decodePicture(one)).toEqual({ width: 1, height: 1, channels: 3, data: Uint8Array.of(255, 0, 0) });
  const pixels = 13 * 9;
  expect((await decodePicture(fileOf('RGB'), { mostPixels: pixels })).width).toBe(13);
  await expect(decodePicture(fileOf('RGB'), { mostPixels: pixels - 1 })).rejects.toThrow(
    expect.objectContaining({ code: 'FILE_TOO_LARGE' }),
  );
  await expect(decodePicture(fileOf('RGB'), { mostPixels: 0.5 })).rejects.toThrow(/mostPixels is 0.5/);
  await expect(decodePicture([1, 2] as never)).rejects.toThrow(/Uint8Array/);
});

it('says size and orientation without decoding', async () => {
  expect(await pictureHeader(sized(20_000))).toEqual({ format: 'PNG', width: 20_000, height: 20_000, orientation: 1 });
  expect(await pictureHeader(fileOf('WebP of orientation 6'))).toMatchObject({ format: 'WebP', orientation: 6 });
});

it('leaves no global behind', async () => {
  await decodePicture(fileOf('WebP'));
  expect('ImageData' in globalThis).toBe(false);
});

it('answers hostile files with a picture or a coded error, whatever bytes are changed and wherever they end', async () => {
  const chosen = ['RGB', 'palette with alpha', 'JPEG', 'progressive JPEG', 'WebP', 'WebP without loss'].map(fileOf);
  const change = fc.record({
    file: fc.constantFrom(...chosen),
    bytes: fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 6 }),
    kept: fc.option(fc.nat(), { nil: undefined }),
  });
  await fc.assert(
    fc.asyncProperty(change, async ({ file, bytes, kept }) => {
      const changed = file.slice();
      for (const [at, value] of bytes) changed[at % file.length] = value;
      const given = kept === undefined ? changed : changed.subarray(0, kept % file.length);
      try {
        const { width, height, channels, data } = await decodePicture(given, { mostPixels: 2 ** 20 });
        expect(data).toHaveLength(width * height * channels);
      } catch (error) {
        if (!HeedError.isInstance(error)) throw error;
        expect(['FILE_INVALID', 'FILE_TOO_LARGE']).toContain(error.code);
      }
    }),
    { numRuns: 600 },
  );
});
