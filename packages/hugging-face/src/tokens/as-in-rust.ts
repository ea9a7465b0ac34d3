import { isObject, type Json } from '../files/pretrained-files.js';
import { charsmap } from './charsmap.js';

/** What is used of a normalizer of the library. */
export interface Normalizer {
  readonly config: Json;
  normalize: (text: string) => string;
  /** Parts of one that is a sequence. */
  readonly normalizers?: readonly (Normalizer | null)[];
}

/** A `pre_tokenizer` of tokenizer.json with parts in words that the library reads as the one of Rust does. */
export function preTokenizerAsInRust(part: unknown): unknown {
  if (!isObject(part)) return part;
  const { type, behavior = 'Isolated', pretokenizers } = part;
  if (type === 'Sequence' && Array.isArray(pretokenizers))
    return { ...part, pretokenizers: pretokenizers.map(preTokenizerAsInRust) };
  if (type === 'Whitespace') return split(WORDS, 'Removed', true);
  if (type === 'Punctuation') return split(PUNCTUATION, behavior, false);
  return part;
}

// Letters of any script are of words, not those of ASCII alone; and what joins them (UTS 18, annex C).
const OF_WORDS = String.raw`\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\u200c\u200d`;
const WORDS = String.raw`[${OF_WORDS}]+|[^${OF_WORDS}\s]+`;
// With what ASCII alone takes for punctuation.
const PUNCTUATION = String.raw`[\p{P}$+<=>^\x60|~]`;

const split = (Regex: string, behavior: unknown, invert: boolean): Json => ({
  type: 'Split',
  pattern: { Regex },
  behavior,
  invert,
});

/** Makes normalizers of the library do what those of Rust do. */
export function normalizeAsInRust(normalizer: Normalizer | null | undefined): void {
  if (normalizer == null) return;
  const { type, lowercase, precompiled_charsmap: table } = normalizer.config;
  // The library knows the replacements of one published table, and takes them for those of any.
  if (type === 'Precompiled' && typeof table === 'string') normalizer.normalize = charsmap(table);
  if (type === 'Lowercase' || (type === 'BertNormalizer' && lowercase !== false)) {
    const normalize = normalizer.normalize.bind(normalizer);
    // Characters are made small one by one, so that a sigma at the end of a word is like any other.
    normalizer.normalize = (text) => normalize(text.replaceAll('Σ', 'σ'));
  }
  for (const part of normalizer.normalizers ?? []) normalizeAsInRust(part);
}
