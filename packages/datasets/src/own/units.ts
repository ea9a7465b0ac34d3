import type { Unit } from './own-data.js';

/** Units that a text is cut into by rule; pieces need a vocabulary. */
export type PlainUnit = Exclude<Unit, 'pieces'>;

/** A tidy text as units; `joinUnits` makes the same text of them. */
export const cutInto = (unit: PlainUnit, text: string): string[] =>
  unit === 'characters' ? graphemesOf(text) : wordsOf(text);

/** Text that units stand for. */
export const joinUnits = (unit: PlainUnit, symbols: readonly string[]): string =>
  unit === 'characters' ? symbols.join('') : joinWords(symbols);

/**
 * Grapheme clusters of a text: what readers see as one character, such as a letter with its accents or a flag.
 *
 * @see Unicode Standard Annex 29, §3
 */
export function graphemesOf(text: string): string[] {
  // A code unit of these scripts is a cluster by itself. That is known without the segmenter, which takes fifty times as long.
  if (isSimple(text)) return text.split('');
  return Array.from(clusters().segment(text), ({ segment }) => segment);
}

// Latin, Greek, Cyrillic, Hebrew and Arabic letters without marks, dashes and quotes, currencies, kana, Han, Hangul syllables;
// not \r, which \n may follow.
const SIMPLE =
  /^[\t\n\x20-\u02ff\u0391-\u03ff\u0400-\u0482\u048a-\u0523\u05d0-\u05ea\u0621-\u063f\u0641-\u064a\u2010-\u2027\u2030-\u205e\u20a0-\u20bf\u3000-\u3029\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff60]*$/;

/** Whether each UTF-16 code unit of a text is known to be a grapheme cluster. */
export const isSimple = (text: string): boolean => SIMPLE.test(text);

let clusterSegmenter: Intl.Segmenter | undefined;
const clusters = (): Intl.Segmenter => (clusterSegmenter ??= new Intl.Segmenter('und', { granularity: 'grapheme' }));

let wordSegmenter: Intl.Segmenter | undefined;
const wordBreaks = (): Intl.Segmenter => (wordSegmenter ??= new Intl.Segmenter('und', { granularity: 'word' }));

/**
 * Mark at the start of a word that follows the one before it without a space. OpenNMT's tokenizer has the same.
 *
 * @see https://github.com/OpenNMT/Tokenizer/blob/master/docs/options.md, joiner_annotate
 */
const JOINER = '￭';

/** Scripts that are written without spaces between words. */
const SPACELESS =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/**
 * Words: what stands between spaces, exactly, so that 'AE1 B' is two. In scripts without spaces they are what Unicode's rules and
 * the platform's dictionary find, with a mark on each that no space is before.
 */
function wordsOf(text: string): string[] {
  if (text === '') return [];
  const words = text.split(' ');
  if (!SPACELESS.test(text) && !text.includes(JOINER)) return words;
  return words.flatMap((word) => {
    // A word that has the mark in its text stays whole, and one that begins with it gets it twice.
    if (word.includes(JOINER)) return [word.startsWith(JOINER) ? JOINER + word : word];
    return SPACELESS.test(word) ? segmentsOf(word).map((part, n) => (n === 0 ? part : JOINER + part)) : [word];
  });
}

function joinWords(words: readonly string[]): string {
  let text = '';
  words.forEach((word, n) => {
    const marked = word.startsWith(JOINER);
    const spaced = !marked || word.startsWith(JOINER, JOINER.length);
    text += (spaced && n > 0 ? ' ' : '') + (marked ? word.slice(JOINER.length) : word);
  });
  return text;
}

/** Segments of a text by Unicode's rules for words, with the platform's dictionaries; signs are segments, too. */
export const segmentsOf = (text: string): string[] => Array.from(wordBreaks().segment(text), ({ segment }) => segment);

/** Whether a text has characters of a script that is written without spaces between words. */
export const isSpaceless = (text: string): boolean => SPACELESS.test(text);
