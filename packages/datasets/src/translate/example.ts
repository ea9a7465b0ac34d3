import type { Dataset, SequenceExample } from '../dataset.js';
import type { Dropped } from './clean.js';
import type { Language } from './packs.js';

/** Input to translate. */
export interface TranslateInput {
  /** Language and English text as people type them: 'fr: Open File'. */
  readonly text: string;
  /** Language to translate into. */
  readonly language: Language;
  readonly english: string;
}

/** A text to translate. Its source is the language's tag and the pieces of the English text, its targets those of the references. */
export interface TranslateExample extends TranslateInput, SequenceExample {
  /** All translations of the text in the packs, at least one. */
  readonly references: readonly string[];
}

/** Dataset of translations. Its source symbols are in the order that `Segmenter` needs. */
export interface TranslateDataset extends Dataset<TranslateExample> {
  readonly sourceSymbols: readonly string[];
  readonly targetSymbols: readonly string[];
}

/** Greatest length of a training source (with its tag) or target, in pieces: few are longer, and those cost the most time. */
export const LONGEST_LEARNT = 24;

/** Facts of the summary that can't be counted in the splits. */
export interface TranslateFacts {
  /** Number of different English texts. */
  readonly texts: number;
  readonly dropped: Dropped;
  /** Number of training examples that were left out for having more than `LONGEST_LEARNT` pieces. */
  readonly tooLong: number;
  readonly sourceSymbols: readonly string[];
  readonly targetSymbols: readonly string[];
}
