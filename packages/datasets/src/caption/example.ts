import type { Picture } from '@heed/pictures';
import type { Dataset } from '../dataset.js';
import type { CaptionLanguage } from './languages.js';
import type { CaptionParts } from './parts.js';
import type { CaptionStyle } from './styles.js';

/** A picture, and what people call it in a language. */
export interface CaptionExample {
  /** Picture of 64 by 64 pixels in RGBA; what isn't drawn is clear. Examples of other languages share it. */
  readonly picture: Picture;
  readonly style: CaptionStyle;
  readonly language: CaptionLanguage;
  /** Caption as CLDR writes it: 'woman health worker: medium skin tone'. */
  readonly text: string;
  /** Captions that are right, which here is the text alone. */
  readonly references: readonly string[];
  /** Symbols of each of them; `joinCaption` makes the text of some. */
  readonly targets: readonly (readonly string[])[];
  readonly keywords: readonly string[];
  /** Emoji that is drawn, without signs that only ask for colours. */
  readonly emoji: string;
  readonly parts: CaptionParts;
}

/** Dataset of pictures with captions. Its first test set, of concepts never seen, is `test`. */
export interface CaptionDataset extends Dataset<CaptionExample> {
  readonly testSets: NonNullable<Dataset<CaptionExample>['testSets']>;
  /** Symbols of the training part's captions in all languages, sorted. */
  readonly symbols: readonly string[];
  readonly languages: readonly CaptionLanguage[];
}
