import { CAPITAL, firstRight, isPlaceholder, tokensOf } from './pieces.js';

/** Least count of a piece: a model can't learn how to use what occurs only once. */
const LEAST = 2;

/** A token as it is cut at present: the numbers of its pieces. */
interface Word {
  readonly pieces: number[];
  readonly count: number;
}

/**
 * Learns a vocabulary by byte-pair merges: it begins with the characters that occur at least twice, and adds, again and again,
 * the piece that two neighbours make most often. All languages share one vocabulary, so that a word they share is cut the same way.
 *
 * @returns placeholders, characters, and merged pieces in the order in which they were learnt
 * @see Sennrich, Haddow & Birch 2016, arXiv:1508.07909, §3.2, "joint BPE"
 */
export function learnPieces(texts: Iterable<string>, merges: number): string[] {
  const tokens = new Map<string, number>();
  for (const text of texts) for (const token of tokensOf(text)) tokens.set(token, (tokens.get(token) ?? 0) + 1);
  const words = [...tokens].filter(([token]) => !isPlaceholder(token));
  const placeholders = [...tokens.keys()].filter(isPlaceholder).toSorted();
  const characters = new Map<string, number>();
  for (const [token, count] of words) {
    for (const character of token) characters.set(character, (characters.get(character) ?? 0) + count);
  }
  const alphabet = [...characters.keys()].filter((character) => characters.get(character)! >= LEAST).toSorted();
  return [...placeholders, ...alphabet, ...merge(mostCommon(words), merges)];
}

function merge(tokens: readonly (readonly [string, number])[], merges: number): string[] {
  const table = new Table();
  const capital = table.number(CAPITAL);
  const words = tokens.map(([token, count]): Word => ({
    pieces: Array.from(token, (character) => table.number(character)),
    count,
  }));
  /** For every piece, how often neighbours would make it; `words` has the words in which they did at some time. */
  const counts: number[] = [];
  const places: Set<Word>[] = [];
  const tally = (word: Word, sign: 1 | -1): void => {
    const { pieces, count } = word;
    for (let i = firstRight(pieces.length, pieces[0] === capital); i < pieces.length; i++) {
      const piece = table.joined(pieces[i - 1], pieces[i]);
      counts[piece] = (counts[piece] ?? 0) + sign * count;
      if (sign === 1) (places[piece] ??= new Set()).add(word);
    }
  };
  for (const word of words) tally(word, 1);
  const learnt = new Set<number>();
  while (learnt.size < merges) {
    const piece = greatest(counts);
    if (piece === undefined) break;
    for (const word of places[piece]) {
      tally(word, -1);
      const { pieces } = word;
      for (let i = 1; i < pieces.length; i++) {
        if (table.joined(pieces[i - 1], pieces[i]) === piece) pieces.splice(i - 1, 2, piece);
      }
      tally(word, 1);
    }
    learnt.add(piece);
  }
  return Array.from(learnt, (piece) => table.text(piece));
}

/** Table of pieces, numbered in the order in which they are asked for. */
class Table {
  readonly #texts: string[] = [];
  readonly #numbers = new Map<string, number>();
  /** Numbers of joined pieces, by the numbers of their two parts. */
  readonly #joined = new Map<number, number>();

  text(piece: number): string {
    return this.#texts[piece];
  }

  number(text: string): number {
    let number = this.#numbers.get(text);
    if (number === undefined) {
      number = this.#texts.push(text) - 1;
      this.#numbers.set(text, number);
    }
    return number;
  }

  joined(left: number, right: number): number {
    const key = left * 2 ** 26 + right;
    let number = this.#joined.get(key);
    if (number === undefined) {
      number = this.number(this.text(left) + this.text(right));
      this.#joined.set(key, number);
    }
    return number;
  }
}

/** Piece with the greatest count; among equal ones, the first that was seen. */
function greatest(counts: readonly number[]): number | undefined {
  let best: number | undefined;
  let most = LEAST - 1;
  for (let piece = 0; piece < counts.length; piece++) {
    const count = counts[piece];
    if (count !== undefined && count > most) [best, most] = [piece, count];
  }
  return best;
}

/** The tokens that pieces are learnt from: all of them, or of very many the most common ones, in the order in which they were seen. */
function mostCommon(words: readonly (readonly [string, number])[]): readonly (readonly [string, number])[] {
  if (words.length <= MOST_TOKENS) return words;
  const counts = words.map(([, count]) => count).toSorted((a, b) => b - a);
  return words.filter(([, count]) => count > counts[MOST_TOKENS]);
}

// The rest are seldom; memory and time of learning grow with the number of tokens.
const MOST_TOKENS = 200_000;
