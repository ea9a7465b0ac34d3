import { HeedError, show } from '@heed/base';
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
  if (type === 'Punctuation') return splitAsInRust(PUNCTUATION, behavior, false);
  if (type === 'Split') return splitAsInRust(patternOf(part.pattern), behavior, part.invert === true);
  return part;
}

/** The regular expression of a pattern, which may be a text to be found as it is. */
function patternOf(pattern: unknown): string {
  const { Regex, String: text } = isObject(pattern) ? pattern : {};
  if (typeof Regex === 'string') return Regex;
  if (typeof text === 'string') return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  throw new HeedError('FILE_INVALID', { message: "tokenizer.json can't be used: a Split has no pattern" });
}

/** A Split by a pattern. The library isolates what matches, or keeps it alone: other behaviours are patterns of whole pieces, which are kept alone. */
function splitAsInRust(pattern: string, behavior: unknown, invert: boolean): Json {
  if (behavior === 'Removed') return split(pattern, behavior, invert);
  // What matches and what lies between are pieces, whichever of them is called the match.
  if (behavior === 'Isolated') return split(pattern, behavior, false);
  const match = `(?:${pattern})`;
  const between = String.raw`(?:(?!${pattern})[\s\S])`;
  const pieces: Readonly<Record<string, string>> = {
    MergedWithPrevious: `${between}*${match}|${between}+`,
    MergedWithNext: `${match}${between}*|${between}+`,
    Contiguous: `${match}+|${between}+`,
  };
  const { [String(behavior)]: wanted } = pieces;
  if (wanted !== undefined && !invert) return split(wanted, 'Removed', true);
  throw new HeedError('FILE_INVALID', {
    message: `tokenizer.json can't be used: a Split is ${show(behavior)}${invert ? ', inverted' : ''}`,
  });
}

/** A `decoder` of tokenizer.json; the library takes a space off the first token where none was put before the text, too. */
export function decoderAsInRust(part: unknown): unknown {
  if (!isObject(part)) return part;
  const { type, decoders, prepend_scheme: scheme, replacement = '▁' } = part;
  if (type === 'Sequence' && Array.isArray(decoders)) return { ...part, decoders: decoders.map(decoderAsInRust) };
  if (type === 'Metaspace' && scheme === 'never')
    return { type: 'Replace', pattern: { String: replacement }, content: ' ' };
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
