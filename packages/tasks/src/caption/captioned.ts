import type { Picture } from '@heed/pictures';

/** What is asked of a captioner: a picture of any size, and the language of its caption. */
export interface CaptionInput {
  readonly picture: Picture;
  readonly language: string;
}

/** What captions are judged by. */
export interface CaptionedExample {
  readonly picture: Picture;
  readonly language: string;
  /** Captions that are right. */
  readonly references: readonly string[];
  /** Symbols of each of them. */
  readonly targets: readonly (readonly string[])[];
}

/** A caption that was written, and what each of its symbols looked at. */
export interface Captioned {
  readonly symbols: readonly string[];
  readonly text: string;
  /** Over the grid, row by row. */
  readonly weights?: readonly Float32Array[];
  readonly sentinel?: Float32Array;
}
