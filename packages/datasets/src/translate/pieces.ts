/** Stands for a space; no text of a user interface has it (it is SentencePiece's choice for the same reason). */
const SPACE = '▁';
/**
 * Stands before a word (and its space) that begins with a capital and goes on in small letters, and is written small: so
 * that `Open` at the start of a title and `open` share what is learnt of them.
 *
 * @see Bérard, Calapodescu & Roux 2019, arXiv:1907.06488, "inline casing"
 */
export const CAPITAL = '⇧';
/** Stands for a character that isn't in the vocabulary. */
export const UNKNOWN = '<unk>';

/**
 * What merges never cross: placeholders whole, words with the space before them (in French with an elision's apostrophe),
 * runs of Chinese characters, digits and signs one by one.
 */
const TOKEN =
  /\{\d+\}|▁(?=\{\d+\})|▁?\p{Script=Han}+|⇧?▁?(?:(?!\p{Script=Han})\p{L}\p{M}*)+(?:'(?=\p{L}|⇧))?|▁?\.{3}|▁?[^▁]|▁/gu;

const CAPITALISED = /(▁|(?<![\p{L}\p{M}▁]))(\p{Lu})(?=\p{Ll}*(?![\p{L}\p{M}]))/gu;

/** What a text is made of before anything is merged; joined they are the text, with marks for spaces and capitals. */
export function tokensOf(text: string): string[] {
  const spaced = text.replaceAll(' ', SPACE);
  // A word is the same piece at the start of a text and after a space.
  const marked = /^[\p{Script=Latin}\d]/u.test(spaced) ? SPACE + spaced : spaced;
  return (
    marked.replaceAll(CAPITALISED, (_, space, letter) => CAPITAL + space + letter.toLowerCase()).match(TOKEN) ?? []
  );
}

/**
 * Where the first piece is that may be joined to the one before it. The mark of a capital waits until the word is whole, so
 * that it doesn't tear words apart that are also written small.
 */
export const firstRight = (pieces: number, capital: boolean): number => (capital && pieces > 2 ? 2 : 1);

export const isPlaceholder = (token: string): boolean => /^\{\d+\}$/.test(token);

/** The text of pieces. */
export const joinPieces = (pieces: readonly string[]): string =>
  pieces
    .join('')
    .replaceAll(/⇧+(▁?)([^⇧]?)/gu, (_, space, letter) => space + letter.toUpperCase())
    .replaceAll(SPACE, ' ')
    .trim();

/**
 * Cuts text into the pieces of a vocabulary, known from the order of its symbols alone: of the neighbours that make a piece
 * together, those whose piece comes first in the list are joined, until none do.
 *
 * @see Sennrich, Haddow & Birch 2016, arXiv:1508.07909, §3.2
 */
export class Segmenter {
  readonly #ranks: ReadonlyMap<string, number>;
  readonly #known = new Map<string, readonly string[]>();

  constructor(symbols: readonly string[]) {
    this.#ranks = new Map(symbols.map((symbol, rank) => [symbol, rank]));
  }

  /**
   * The pieces of a text; a character that the vocabulary lacks is one of its own.
   *
   * @param seen is told every piece that is made on the way
   */
  segment(text: string, seen?: (piece: string) => void): string[] {
    return tokensOf(text).flatMap((token) => {
      const known = seen === undefined && this.#known.get(token);
      if (known) return known;
      const pieces = this.#cut(token, seen);
      this.#known.set(token, pieces);
      return pieces;
    });
  }

  /** Pieces as a model knows them: `<unk>` for those that aren't in the vocabulary. */
  symbols(pieces: readonly string[]): string[] {
    return pieces.map((piece) => (this.#ranks.has(piece) ? piece : UNKNOWN));
  }

  #cut(token: string, seen?: (piece: string) => void): readonly string[] {
    const pieces = isPlaceholder(token) ? [token] : Array.from(token);
    pieces.forEach((piece) => seen?.(piece));
    for (;;) {
      let best: string | undefined;
      let bestRank = Infinity;
      for (let i = firstRight(pieces.length, pieces[0] === CAPITAL); i < pieces.length; i++) {
        const piece = pieces[i - 1] + pieces[i];
        const rank = this.#ranks.get(piece);
        if (rank !== undefined && rank < bestRank) [best, bestRank] = [piece, rank];
      }
      if (best === undefined) break;
      seen?.(best);
      for (let i = 1; i < pieces.length; i++) {
        if (best === pieces[i - 1] + pieces[i]) pieces.splice(i - 1, 2, best);
      }
    }
    return pieces;
  }
}
