import { HeedError } from '@heed/base';
import { pictureHeader, pictureOf, type Picture } from '@heed/pictures';
import type { PictureSource } from '../../engine/jobs.js';
import { fetchBytes } from '../../state/fetch-bytes.js';

// A photograph of 50 million pixels has 30 MB.
const MOST_BYTES = 2 ** 26;
// Browsers decode as much without a page running out of memory: 256 MiB of pixels.
const MOST_PIXELS = 2 ** 26;
/** Greatest side of what is kept of a picture, in pixels: phones have no larger canvases, and models see much less. */
const LARGEST_SIDE = 2048;

/**
 * Pixels of a picture. A file's kind and size are read from its header, and only then is it decoded, by the browser.
 *
 * @throws HeedError FILE_TOO_LARGE, FILE_INVALID; FILE_ACCESS for a file that doesn't come
 */
export async function readPicture(source: PictureSource, signal: AbortSignal): Promise<Picture> {
  if ('drawn' in source) return pictureOf(source.drawn);
  if ('url' in source) return decoded(await fetchBytes(source.url, signal));
  const { size } = source.file;
  if (size > MOST_BYTES) {
    throw new HeedError('FILE_TOO_LARGE', {
      message: `the file has ${size} bytes, the limit is ${MOST_BYTES}`,
      details: { size, maxBytes: MOST_BYTES },
    });
  }
  const content = await source.file.arrayBuffer().catch((cause: unknown) => {
    throw new HeedError('FILE_ACCESS', { message: `the file can't be read: ${String(cause)}`, cause });
  });
  return decoded(new Uint8Array(content));
}

async function decoded(bytes: Uint8Array): Promise<Picture> {
  const { format, width, height } = await pictureHeader(bytes);
  const pixels = width * height;
  if (pixels > MOST_PIXELS) {
    throw new HeedError('FILE_TOO_LARGE', {
      message: `the picture has ${pixels} pixels (${width} by ${height}), the limit is ${MOST_PIXELS}`,
      hint: 'make the picture smaller',
      details: { width, height, pixels, limit: MOST_PIXELS },
    });
  }
  const bitmap = await createImageBitmap(new Blob([new Uint8Array(bytes)]), {
    premultiplyAlpha: 'none',
    colorSpaceConversion: 'none',
  }).catch((cause: unknown) => {
    throw new HeedError('FILE_INVALID', {
      message: `the ${format} file can't be decoded by this browser`,
      hint: 'the file is damaged, or was cut off',
      cause,
    });
  });
  try {
    return pixelsOf(bitmap);
  } finally {
    bitmap.close();
  }
}

function pixelsOf(bitmap: ImageBitmap): Picture {
  const scale = Math.min(1, LARGEST_SIDE / Math.max(bitmap.width, bitmap.height));
  const sized = (length: number): number => Math.max(1, Math.round(length * scale));
  const [width, height] = [sized(bitmap.width), sized(bitmap.height)];
  const context = new OffscreenCanvas(width, height).getContext('2d')!;
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, width, height);
  return pictureOf(context.getImageData(0, 0, width, height));
}
