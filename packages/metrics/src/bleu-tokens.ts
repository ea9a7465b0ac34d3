import { trim, trimEnd, WHITE_SPACE } from './white-space.js';

/**
 * Rule that cuts text into the words that BLEU compares, by sacreBLEU's name: at spaces only (none), for European languages
 * (13a), for any language with spaces (intl), into characters (char), or with every Chinese character as a word (zh).
 */
export type BleuTokenization = keyof typeof TOKENIZATIONS;

/**
 * Tokenizers by sacreBLEU's names. Each takes a text without spaces at its end and returns it with spaces between its words.
 *
 * @see Post 2018, "A Call for Clarity in Reporting BLEU Scores", arXiv:1804.08771, and its sacreBLEU 2.x
 */
const TOKENIZATIONS = {
  none: (line: string) => line,
  // The rules of mteval-v13a, which compares translations at WMT.
  '13a': (line: string) => europeanWords(` ${unescape(line)} `),
  intl: internationalWords,
  char: (line: string) => Array.from(line).join(' '),
  zh: (line: string) => europeanWords(spaceChinese(trim(line))),
};

export const BLEU_TOKENIZATIONS = Object.keys(TOKENIZATIONS) as readonly BleuTokenization[];

/** The words of a text. */
export const bleuTokens = (text: string, tokenization: BleuTokenization): string[] =>
  TOKENIZATIONS[tokenization](trimEnd(text))
    .split(WHITE_SPACE)
    .filter((word) => word !== '');

const europeanWords = (line: string): string =>
  line
    // Every ASCII sign except ' , - . becomes a word of its own,
    .replaceAll(/([{-~[-` -&(-+:-@/])/g, ' $1 ')
    // so do a full stop and a comma that don't stand between digits,
    .replaceAll(/([^0-9])([.,])/gu, '$1 $2 ')
    .replaceAll(/([.,])([^0-9])/gu, ' $1 $2')
    // and a hyphen after a digit.
    .replaceAll(/([0-9])(-)/g, '$1 $2 ');

/** Cuts text as mteval-v14 does with --international-tokenization. */
function internationalWords(line: string): string {
  return (
    line
      // Punctuation that doesn't stand between numbers becomes a word of its own,
      .replaceAll(/(\P{N})(\p{P})/gu, '$1 $2 ')
      .replaceAll(/(\p{P})(\P{N})/gu, ' $1 $2')
      // and so does every symbol.
      .replaceAll(/(\p{S})/gu, ' $1 ')
  );
}

const unescape = (text: string): string =>
  text
    .replaceAll('<skipped>', '')
    .replaceAll('-\n', '')
    .replaceAll('\n', ' ')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>');

const spaceChinese = (text: string): string =>
  Array.from(text, (character) => (isChinese(character.codePointAt(0)!) ? ` ${character} ` : character)).join('');

const isChinese = (code: number): boolean => CHINESE.some(([first, last]) => code >= first && code <= last);

/**
 * Ranges of characters that sacreBLEU counts as Chinese. Two of them were meant for characters beyond U+FFFF, but are written
 * with four digits: they are U+2001–2A6D (with quotation marks and dashes) and U+2F81–2FA1. They are kept, since figures are
 * comparable only with the same ranges.
 */
const CHINESE: readonly (readonly [number, number])[] = [
  [0x3400, 0x4db5],
  [0x4e00, 0x9fbb],
  [0xf900, 0xfa2d],
  [0xfa30, 0xfa6a],
  [0xfa70, 0xfad9],
  [0x2001, 0x2a6d],
  [0x2f81, 0x2fa1],
  [0xff00, 0xffef],
  [0x2e80, 0x2eff],
  [0x3000, 0x303f],
  [0x31c0, 0x31ef],
  [0x2f00, 0x2fdf],
  [0x2ff0, 0x2fff],
  [0x3100, 0x312f],
  [0x31a0, 0x31bf],
  [0xfe10, 0xfe1f],
  [0xfe30, 0xfe4f],
  [0x3200, 0x33ff],
];
