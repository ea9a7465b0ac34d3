import { HeedError } from '@heed/core';
import * as v from 'valibot';
import { parseJson } from './files.js';

/** How many pieces the model has vectors for. */
const PIECES = 8000;
/** The first ones stand for what is no text: unknown characters, the ends of a text, and three that mean nothing. */
const RESERVED = 6;

export interface Vocabulary {
  /** By id. */
  readonly pieces: readonly string[];
  /** Of a piece: its id, and the logarithm of its probability. */
  readonly entries: ReadonlyMap<string, { readonly id: number; readonly score: number }>;
  /** Characters of the longest piece. */
  readonly longest: number;
}

const schema = v.pipe(
  v.array(
    v.strictTuple([
      v.pipe(v.string(), v.minLength(1), v.maxLength(64)),
      v.nullable(v.pipe(v.number(), v.finite(), v.minValue(-1e6), v.maxValue(1e6))),
    ]),
  ),
  v.length(PIECES),
);

/**
 * Pieces and their scores, checked. What the file got wrong is kept, for the ids that its own tokenizer gives are what others
 * have made embeddings of: seven pieces with a colon have lost their score and count as 0, ':00' and ':30' have the scores 0 and 30,
 * and of three pieces '”5' the last one is used.
 *
 * @throws HeedError FILE_INVALID, FILE_TOO_LARGE
 */
export function parseVocabulary(bytes: Uint8Array): Vocabulary {
  const parsed = v.safeParse(schema, parseJson('vocab.json', bytes), { abortEarly: true });
  if (!parsed.success) {
    const [issue] = parsed.issues;
    throw new HeedError('FILE_INVALID', {
      message: `sentence encoder: vocab.json: '${v.getDotPath(issue) ?? ''}' is wrong: ${issue.message.slice(0, 200)}`,
      hint: `a list of ${PIECES} pieces, each with its score`,
    });
  }
  const entries = new Map<string, { id: number; score: number }>();
  let longest = 0;
  for (const [id, [piece, score]] of parsed.output.entries()) {
    if (id < RESERVED) continue;
    entries.set(piece, { id, score: score ?? 0 });
    longest = Math.max(longest, [...piece].length);
  }
  return { pieces: parsed.output.map(([piece]) => piece), entries, longest };
}
