/** Mark for a space, which hardly any text has (SentencePiece uses it for the same reason). */
const SPACE = '▁';
/**
 * Mark before a word (and its space) that begins with a capital and continues in small letters. The word itself is then written
 * small, so that a model learns `Open` at the start of a title and `open` as the same piece.
 *
 * @see Bérard, Calapodescu & Roux 2019, arXiv:1907.06488, "inline casing"
 */
export const CAPITAL = '⇧';
/** Mark before the letter that stands for a mark in a text, which is then a character like others: '␛c' is '⇧'. */
const ESCAPE = '␛';
const ESCAPED: Readonly<Record<string, string>> = { s: SPACE, c: CAPITAL, e: ESCAPE };
const LETTERS = new Map(Object.entries(ESCAPED).map(([letter, mark]) => [mark, letter]));

/** Symbol for a piece that isn't in the vocabulary. */
export const UNKNOWN = '<unk>';

/**
 * Tokens, whose borders no merge crosses: whole placeholders, words with the space before them (in French with the apostrophe
 * of an elision), runs of Chinese characters, single digits and single signs. A run ends after 64 letters, and a letter after 16
 * marks: cutting takes the square of a token's length.
 */
const TOKEN =
  /\{\d+\}|▁(?=\{\d+\})|▁?\p{Script=Han}{1,64}|⇧?▁?(?:(?!\p{Script=Han})\p{L}\p{M}{0,16}){1,64}(?:'(?=\p{L}|⇧))?|▁?\.{3}|▁?[^▁]|▁/gu;

const CAPITALISED = /(▁|(?<![\p{L}\p{M}▁]))(\p{Lu})(?=\p{Ll}*(?![\p{L}\p{M}]))/gu;

/** Tokens of a text, the units in which pieces are merged. Joined, they are the text, with marks for spaces and capitals. */
export function tokensOf(text: string): string[] {
  const spaced = text.replaceAll(/[▁⇧␛]/g, (mark) => ESCAPE + LETTERS.get(mark)!).replaceAll(' ', SPACE);
  // A word is the same piece at the start of a text and after a space.
  const marked = /^[\p{Script=Latin}\d]/u.test(spaced) ? SPACE + spaced : spaced;
  return (
    marked
      .replaceAll(CAPITALISED, (whole, space, letter) =>
        hasSmall(letter) ? CAPITAL + space + letter.toLowerCase() : whole,
      )
      .match(TOKEN) ?? []
  );
}

/** Whether a capital can be had back from its small letter; 'ẞ' would become 'SS'. */
const hasSmall = (letter: string): boolean => letter.toLowerCase().toUpperCase() === letter;

/**
 * Index of the first piece that may be joined with the one before it. The mark of a capital is joined last, when the word is
 * whole, so that a word with a capital is cut like the same word in small letters.
 */
export const firstRight = (pieces: number, capital: boolean): number => (capital && pieces > 2 ? 2 : 1);

export const isPlaceholder = (token: string): boolean => /^\{\d+\}$/.test(token);

/** Text that pieces stand for. */
export const joinPieces = (pieces: readonly string[]): string =>
  pieces
    .join('')
    .replaceAll(/⇧+(▁?)([^⇧]?)/gu, (_, space, letter) => space + letter.toUpperCase())
    .replaceAll(SPACE, ' ')
    .trim()
    .replaceAll(/␛([sce])/g, (_, letter) => ESCAPED[letter]);

/**
 * Cuts text into the pieces of a vocabulary. The order of its symbols is enough: of all neighbours that make a piece, the two
 * whose piece comes first in the list are joined, until no neighbours make a piece.
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
   * Pieces of a text; a character that isn't in the vocabulary is a piece by itself.
   *
   * @param seen gets every piece that is made while cutting
   */
  segment(text: string, seen?: (piece: string) => void): string[] {
    return tokensOf(text).flatMap((token) => {
      const known = seen === undefined && this.#known.get(token);
      if (known) return known;
      const pieces = this.#cut(token, seen);
      if (this.#known.size >= MOST_KNOWN) this.#known.clear();
      this.#known.set(token, pieces);
      return pieces;
    });
  }

  /** Symbols of pieces: `<unk>` for each that isn't in the vocabulary. */
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

// Tokens whose pieces are kept: more than most data have, and not all of a million rare ones.
const MOST_KNOWN = 100_000;
