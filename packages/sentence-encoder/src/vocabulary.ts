import { HeedError } from '@heed/core';
import * as v from 'valibot';
import { parseJson } from './files.js';

/** Number of pieces in the vocabulary. */
const PIECES = 8000;
/** Number of first pieces that aren't text: unknown characters, the two ends of a text, and three without meaning. */
const RESERVED = 6;

export interface Vocabulary {
  /** Pieces by id. */
  readonly pieces: readonly string[];
  /** Id of each piece, and the logarithm of its probability. */
  readonly entries: ReadonlyMap<string, { readonly id: number; readonly score: number }>;
  /** Length of the longest piece, in characters. */
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
 * Parses and checks the pieces and their scores. Mistakes of the file are kept, so that ids are the same as those of its own
 * tokenizer: seven pieces with a colon have lost their score and count as 0, ':00' and ':30' have the scores 0 and 30, and the last
 * of three pieces '”5' is used.
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
