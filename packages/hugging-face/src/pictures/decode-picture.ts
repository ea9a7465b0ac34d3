import { HeedError } from '@heed/base';
import { MOST_PIXELS, type Picture } from './picture.js';

type Decode = (bytes: Uint8Array) => Promise<Picture>;

/** Decoders by the bytes that their files begin with. */
const DECODERS: readonly (readonly [name: string, signature: readonly number[], decode: Decode])[] = [
  ['PNG', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], decodePng],
  ['JPEG', [0xff, 0xd8, 0xff], decodeJpeg],
];

/**
 * The pixels of a PNG or JPEG file, in Node and in browsers alike, where a canvas gives those of files of every kind.
 *
 * @throws HeedError FILE_INVALID for another kind of file and for a damaged one, FILE_TOO_LARGE
 */
export async function decodePicture(bytes: Uint8Array): Promise<Picture> {
  const found = DECODERS.find(([, signature]) => signature.every((byte, n) => bytes[n] === byte));
  if (found === undefined) {
    throw new HeedError('FILE_INVALID', {
      message: 'the file is no picture of a known kind',
      hint: `the known ones are ${DECODERS.map(([name]) => name).join(' and ')}`,
    });
  }
  const [name, , decode] = found;
  try {
    return await decode(bytes);
  } catch (cause) {
    if (HeedError.isInstance(cause)) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new HeedError('FILE_INVALID', { message: `the ${name} file can't be read: ${reason}`, cause });
  }
}

async function decodePng(bytes: Uint8Array): Promise<Picture> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  checkPixels(view.getUint32(16) * view.getUint32(20));
  const { convertIndexedToRgb, decode } = await import('fast-png');
  const decoded = decode(bytes, { checkCrc: true });
  const { width, height, depth, data } = decoded;
  if (depth === 16) return { width, height, data: Uint8Array.from(data, (value) => value >> 8) };
  // Greys of fewer than eight bits are packed as places in a palette are.
  const palette = decoded.palette ?? (depth < 8 ? greys(2 ** depth) : undefined);
  return { width, height, data: palette === undefined ? data : convertIndexedToRgb({ ...decoded, palette }) };
}

const greys = (count: number): number[][] =>
  Array.from({ length: count }, (_, n) => [(255 * n) / (count - 1), (255 * n) / (count - 1), (255 * n) / (count - 1)]);

async function decodeJpeg(bytes: Uint8Array): Promise<Picture> {
  // A CommonJS module, whose whole is the default of bundlers and of Node alike.
  const { default: jpeg } = await import('jpeg-js');
  const { width, height, data } = jpeg.decode(bytes, { useTArray: true, maxResolutionInMP: MOST_PIXELS / 1e6 });
  return { width, height, data };
}

function checkPixels(pixels: number): void {
  if (pixels <= MOST_PIXELS) return;
  throw new HeedError('FILE_TOO_LARGE', {
    message: `the picture has ${pixels} pixels, the limit is ${MOST_PIXELS}`,
    details: { pixels, limit: MOST_PIXELS },
  });
}
