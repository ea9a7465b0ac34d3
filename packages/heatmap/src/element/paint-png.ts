import { HeedError } from '@heed/base';
import type { AttentionMaps } from '../attention-map.js';
import { renderSvg, type SvgOptions } from '../svg.js';

export type PaintOptions = Omit<SvgOptions, 'theme'> & {
  /** Theme of the picture. Default 'light'. */
  readonly theme?: 'light' | 'dark';
};

/**
 * PNG picture drawn by the browser, in a page: with every script that the browser has a font for, at twice the size for sharp
 * screens.
 *
 * @throws HeedError INVALID_ARGUMENT when the browser can't make so large a picture
 */
export const paintPng = (maps: AttentionMaps, options: PaintOptions = {}): Promise<Uint8Array> =>
  painted(maps, options, SCALE, async (canvas) => {
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
    return new Uint8Array(await blob!.arrayBuffer());
  });

/**
 * Picture of maps as pixels, drawn by the browser, in a page: for films of a map that grows by `rows`, or for whatever else is made of pixels.
 *
 * @throws HeedError INVALID_ARGUMENT when the browser can't make so large a picture
 */
export const paintPixels = (maps: AttentionMaps, options: PaintOptions = {}): Promise<ImageData> =>
  painted(maps, options, 1, (canvas) =>
    Promise.resolve(canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height)),
  );

/** @param scale pixels of the picture for one of the drawing */
async function painted<T>(
  maps: AttentionMaps,
  { theme = 'light', ...options }: PaintOptions,
  scale: number,
  take: (canvas: HTMLCanvasElement) => Promise<T>,
): Promise<T> {
  const svg = renderSvg(maps, { theme, ...options });
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = image.naturalWidth * scale;
    canvas.height = image.naturalHeight * scale;
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    // For a picture larger than this browser allows, the blob is null or a call has failed.
    return await take(canvas);
  } catch (cause) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: 'the picture is too large for this browser',
      hint: 'draw fewer maps in one file, or write SVG, CSV or JSON',
      cause,
    });
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** For sharp screens. */
const SCALE = 2;
