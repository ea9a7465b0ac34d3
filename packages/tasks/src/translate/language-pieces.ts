import { UNKNOWN } from '@heed/datasets';

/**
 * Pieces that a translation may have: those of its language, and of its source, for models that copy, what is no word: digits,
 * signs, placeholders, unknown characters, and single letters, which spell names.
 *
 * @param pieces of the language
 * @param source as the model reads it
 */
export const allowedPieces = (pieces: readonly string[], source: readonly string[]): ReadonlySet<string> =>
  new Set([UNKNOWN, ...pieces, ...source.filter((piece) => (piece.match(/\p{L}/gu) ?? []).length <= 1)]);
