import type { Dataset, SequenceExample } from '../dataset.js';
import type { Dropped } from './clean.js';
import type { Language } from './packs.js';

/** What is to be translated. */
export interface TranslateInput {
  /** As people type it: 'fr: Open File'. */
  readonly text: string;
  /** Into which. */
  readonly language: Language;
  readonly english: string;
}

/** The source is the language's tag and the pieces of the English text, the targets are the pieces of the references. */
export interface TranslateExample extends TranslateInput, SequenceExample {
  /** Every translation that the packs have of the text, at least one. */
  readonly references: readonly string[];
}

/** The symbols of the source are in the order that `Segmenter` needs. */
export interface TranslateDataset extends Dataset<TranslateExample> {
  readonly sourceSymbols: readonly string[];
  readonly targetSymbols: readonly string[];
}

/** Pieces of a source (with its tag) or target that is learnt from: few are longer, and those cost most. */
export const LONGEST_LEARNT = 24;

/** What the summary tells beside what is in the parts. */
export interface TranslateFacts {
  /** English texts, each once. */
  readonly texts: number;
  readonly dropped: Dropped;
  /** Examples of the training part that have more than `LONGEST_LEARNT` pieces. */
  readonly tooLong: number;
  readonly sourceSymbols: readonly string[];
  readonly targetSymbols: readonly string[];
}
