import { HeedError } from '@heed/base';

// Longer graphemes are replaced character by character, as in the reference implementation.
const LONGEST_GRAPHEME = 6;

/**
 * SentencePiece's compiled table of replacements, as `Precompiled` normalizers of tokenizer.json have it: the length of a double-array trie
 * over UTF-8 bytes, its 32-bit units, and the replacements, each ended by a 0, which the trie's leaves point into.
 *
 * @param base64 the table
 * @returns a text with the replacements made, by graphemes and then by characters, as tokenizers of Hugging Face make them
 * @throws HeedError FILE_INVALID
 * @see https://github.com/google/sentencepiece/blob/master/src/normalizer.cc, https://github.com/huggingface/spm_precompiled
 */
export function charsmap(base64: string): (text: string) => string {
  const bytes = decodeBase64(base64);
  const view = new DataView(bytes.buffer);
  const trieBytes = bytes.length < 4 ? Number.NaN : view.getUint32(0, true);
  if (!(trieBytes % 4 === 0 && trieBytes + 4 <= bytes.length)) {
    throw new HeedError('FILE_INVALID', { message: 'tokenizer.json: the precompiled charsmap is cut off' });
  }
  const units = Uint32Array.from({ length: trieBytes / 4 }, (_, n) => view.getUint32(4 + 4 * n, true));
  const replacements = bytes.subarray(4 + trieBytes);

  const replacementOf = (text: string): string | undefined => {
    const leaf = shortestPrefix(units, ENCODER.encode(text));
    if (leaf === undefined) return undefined;
    const end = replacements.indexOf(0, leaf);
    return DECODER.decode(replacements.subarray(leaf, end < 0 ? replacements.length : end));
  };
  const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  return (text) =>
    Array.from(graphemes.segment(text), ({ segment }) => {
      const isShort = ENCODER.encode(segment).length < LONGEST_GRAPHEME;
      const whole = isShort ? replacementOf(segment) : undefined;
      return whole ?? Array.from(segment, (character) => replacementOf(character) ?? character).join('');
    }).join('');
}

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder();

function decodeBase64(base64: string): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch (cause) {
    throw new HeedError('FILE_INVALID', { message: 'tokenizer.json: the precompiled charsmap is not base64', cause });
  }
}

/** The value of the shortest key that the bytes begin with. Layout of the units: Darts-clone's. */
function shortestPrefix(units: Uint32Array, bytes: Uint8Array): number | undefined {
  const offsetOf = (unit: number): number => (unit >>> 10) << ((unit & 0x200) >>> 6);
  if (units.length === 0) return undefined;
  let at = offsetOf(units[0]!);
  for (const byte of bytes) {
    at ^= byte;
    const unit = units[at];
    if (unit === undefined || (unit & 0x8000_00ff) >>> 0 !== byte) return undefined;
    at ^= offsetOf(unit);
    const hasLeaf = (unit & 0x100) !== 0;
    if (hasLeaf) return (units[at] ?? 0) & 0x7fff_ffff;
  }
  return undefined;
}
