import { HeedError } from '@heed/core';
import type { Vocabulary } from './vocabulary.js';

/** Mark for the space before a word, so that joined pieces give the text again: U+2581, as in SentencePiece. */
const SPACE = '▁';
const UNKNOWN = 0;
// Limit of a text from an unknown source, since time grows with its length. A sentence has some hundred characters.
const MOST_CHARACTERS = 100_000;

export interface Pieces {
  /** Ids of the pieces in the vocabulary; 0 for an unknown piece. */
  readonly ids: Int32Array;
  /** Text of each piece; `▁` begins a word. */
  readonly pieces: readonly string[];
}

/** Best split of the text from its beginning to a certain character. */
interface Way {
  score: number;
  start: number;
  id: number;
}

/**
 * Splits a text into the pieces with the greatest product of probabilities (SentencePiece's unigram model, by Viterbi's
 * algorithm). The text is first normalised to NFKC; upper case and repeated spaces stay. Adjacent characters that are in no piece
 * become one unknown piece.
 *
 * The ids are those of the JavaScript tokenizer that was published with the model. That tokenizer takes a sum of 0 for "not
 * reached yet". This matters only because the file has pieces without a score: a text that begins with ':' doesn't start with
 * the piece '▁:'.
 *
 * @throws HeedError INVALID_ARGUMENT for a value that isn't text, has only white space, or has more than 100,000 characters
 * @see Kudo 2018, arXiv:1804.10959, §3.2; Kudo & Richardson 2018, arXiv:1808.06226
 */
export function tokenize(text: string, vocabulary: Vocabulary): Pieces {
  checkText(text);
  const normal = text.normalize('NFKC');
  checkText(normal); // one character may become eighteen
  const characters = [...`${SPACE}${normal.replaceAll(' ', SPACE)}`];
  const ways = characters.map((): Way => ({ score: 0, start: -1, id: UNKNOWN })); // ways[n] ends after character n
  for (let end = 0; end < characters.length; end++) {
    const way = ways[end];
    for (let start = Math.max(0, end + 1 - vocabulary.longest); start <= end; start++) {
      const entry = vocabulary.entries.get(characters.slice(start, end + 1).join(''));
      if (entry === undefined) continue;
      const score = entry.score + (start > 0 ? ways[start - 1].score : 0);
      if (way.start < 0 || way.score === 0 || score >= way.score) Object.assign(way, { score, start, id: entry.id });
    }
    // Every character of a piece is a piece too, so a character that isn't reached is in no piece.
    if (way.start < 0) Object.assign(way, { score: end > 0 ? ways[end - 1].score : 0, start: end });
  }
  return readBack(characters, ways);
}

function checkText(text: unknown): void {
  const problem =
    typeof text !== 'string'
      ? `a sentence is ${text === null ? 'null' : typeof text}, not text`
      : text.trim() === ''
        ? 'a sentence is empty'
        : text.length > MOST_CHARACTERS
          ? `a sentence has ${text.length} characters`
          : undefined;
  if (problem === undefined) return;
  throw new HeedError('INVALID_ARGUMENT', {
    message: `sentence encoder: ${problem}`,
    hint: `text of 1 to ${MOST_CHARACTERS} characters, not all of them white space`,
  });
}

function readBack(characters: readonly string[], ways: readonly Way[]): Pieces {
  const ids: number[] = [];
  const pieces: string[] = [];
  for (let end = characters.length - 1; end >= 0; end = ways[end].start - 1) {
    const { start, id } = ways[end];
    const piece = characters.slice(start, end + 1).join('');
    if (id === UNKNOWN && ids.at(-1) === UNKNOWN) {
      pieces.push(piece + pieces.pop()!);
    } else {
      ids.push(id);
      pieces.push(piece);
    }
  }
  return { ids: Int32Array.from(ids.toReversed()), pieces: pieces.toReversed() };
}
