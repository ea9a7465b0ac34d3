import { UNKNOWN, type TranslateDataset } from '@heed/datasets';
import type { OutputsByKind } from '../task.js';

/** Pieces of each language: those of its translations in the training part. */
export function languagePieces({ train }: Pick<TranslateDataset, 'train'>): OutputsByKind {
  const pieces: Record<string, Set<string>> = {};
  for (const { language, targets } of train) {
    const own = (pieces[language] ??= new Set());
    for (const piece of targets.flat()) own.add(piece);
  }
  return Object.fromEntries(Object.entries(pieces).map(([language, own]) => [language, [...own]]));
}

/**
 * Pieces that a translation may have: those of its language, and of its source, for models that copy, what is no word: digits,
 * signs, placeholders, unknown characters, and single letters, which spell names.
 *
 * @param pieces of the language
 * @param source as the model reads it
 */
export const allowedPieces = (pieces: readonly string[], source: readonly string[]): ReadonlySet<string> =>
  new Set([UNKNOWN, ...pieces, ...source.filter((piece) => (piece.match(/\p{L}/gu) ?? []).length <= 1)]);
