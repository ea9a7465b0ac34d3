import type { AttentionOverlay } from '@heed/heatmap';
import { joinCaption } from '@heed/datasets';
import { fitInto } from '@heed/pictures';
import type { Captioned, CaptionInput } from './captioned.js';

/** Greatest side of a picture that is drawn under its map, in pixels: a file holds it as text. */
const LARGEST_SIDE = 512;

/** What each word of a caption looked at, over its picture in the middle of a square, as the model sees it. */
export function overlayOf(
  { picture, language }: CaptionInput,
  { symbols, text, weights = [], sentinel }: Captioned,
  gridSide: number,
): AttentionOverlay {
  const square = fitInto(picture, Math.min(LARGEST_SIDE, Math.max(picture.width, picture.height)));
  return {
    picture: { ...square, channels: 4 },
    grid: [gridSide, gridSide],
    steps: symbols.map((symbol, n) => ({
      word: wordOf(symbol, language),
      weights: weights[n],
      ...(sentinel && { sentinel: sentinel[n] }),
    })),
    title: `${language}: ${text}`,
    language,
  };
}

/** A symbol without what says whether a space is before it. */
const wordOf = (symbol: string, language: string): string => joinCaption([symbol], language).trim() || '␣';
