import type { TrustedAnswer } from '../../engine/jobs.js';
import type { Into } from '../../state/fields.js';
import kept from './kept-readings.json';

/** A sentence as a translator has read it: the pieces of words that it wrote, and how much each looked at those that it read. */
export interface Reading {
  readonly sentence: string;
  readonly output: string;
  /** Probability that the translation is right; absent for a model that doesn't know. */
  readonly confidence?: number;
  /** Pieces of the output. One that begins a word begins with a dot. */
  readonly written: readonly string[];
  /** Pieces of the sentence, the sign of the language first. */
  readonly read: readonly string[];
  /** [written, read] */
  readonly weights: readonly ArrayLike<number>[];
}

/** Readings that are there before a model is, made by the shipped one, by language: scripts/kept-readings.mjs writes them. */
export const KEPT: Readonly<Partial<Record<Into, Reading>>> & { readonly fr: Reading } = kept;

/** Reading of an answer of the task `translate`; undefined for one without a map, as an empty output has none. */
export function readingOf(sentence: string, { output, maps: [map], trust }: TrustedAnswer): Reading | undefined {
  if (map === undefined || map.weights.length === 0) return undefined;
  const { weights, rowLabels = [], columnLabels = [] } = map;
  return {
    sentence,
    output,
    ...(trust?.confidence !== undefined && { confidence: trust.confidence }),
    written: rowLabels,
    read: columnLabels,
    weights,
  };
}

/** The written piece that looks most at one place, with which a reading is shown first. */
export function sharpest({ weights }: Pick<Reading, 'weights'>): number {
  const greatest = weights.map((row) => Math.max(...Array.from(row)));
  return greatest.indexOf(Math.max(...greatest));
}

/** Place that a written piece looks at most. */
export function mostOf(row: ArrayLike<number>): number {
  const weights = Array.from(row);
  return weights.indexOf(Math.max(...weights));
}

export interface Piece {
  readonly text: string;
  /** Whether a word begins with it. */
  readonly begins: boolean;
}

/** A label as it is read in a text, where a gap is what the dot says. */
export function pieceOf(label: string): Piece {
  const begins = label.startsWith('·');
  return { text: begins ? label.slice(1) : label, begins };
}
