import type { Picture as OverlayPicture } from '@heed/heatmap';
import type { Picture } from '@heed/pictures';

/** Where a picture comes from: a file that somebody gave, one of the page's own, or a canvas. */
export type PictureSource =
  | { readonly file: Blob }
  | { readonly url: string }
  | { readonly drawn: Pick<Picture, 'width' | 'height'> & { readonly data: Uint8ClampedArray } };

export interface CaptionsSetup {
  /** Captioner: addresses of the shipped model's files, the model that was loaded, or none, which shows the picture alone. */
  readonly of: { readonly model: string; readonly calibration: string } | 'loaded' | null;
  readonly source: PictureSource;
  /** Languages of the captions, of those that the model has; all of them where it has none of these. */
  readonly languages: readonly string[];
}

/** A word of a caption. */
export interface CaptionWord {
  readonly word: string;
  /** Weights of the grid's cells, row by row; null of a model without attention. */
  readonly weights: Float32Array | null;
  /** Share that looked at no part of the picture; null of a model without a sentinel. */
  readonly sentinel: number | null;
}

/** What becomes known while captions are written, in this order; words and ends of one language after another. */
export type CaptionsReport =
  | { readonly kind: 'share'; readonly share: number }
  /** The picture in the middle of a square, as the model sees it. */
  | { readonly kind: 'picture'; readonly picture: OverlayPicture }
  /** @param all languages that the model has, @param written those that captions come in */
  | {
      readonly kind: 'model';
      readonly all: readonly string[];
      readonly written: readonly string[];
      readonly gridSide: number;
    }
  /** @param text the caption up to this word */
  | { readonly kind: 'word'; readonly language: string; readonly text: string; readonly word: CaptionWord }
  | { readonly kind: 'end'; readonly language: string; readonly finished: boolean };
