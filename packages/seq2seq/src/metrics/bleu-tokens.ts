import { trim, trimEnd, WHITE_SPACE } from './white-space.js';

/** How text is cut into the words that BLEU compares: of European languages, or with every Chinese character on its own. */
export type BleuTokenization = '13a' | 'zh';

/**
 * The words of a text as mteval-v13a has them, which is how translations at WMT are compared; for Chinese, characters are
 * words, and the rest is cut the same way.
 *
 * @see Post 2018, "A Call for Clarity in Reporting BLEU Scores", arXiv:1804.08771, whose sacreBLEU (2.x) calls these '13a'
 *   and 'zh'
 */
export function bleuTokens(text: string, tokenization: BleuTokenization): string[] {
  const line = tokenization === 'zh' ? spaceChinese(trim(text)) : ` ${unescape(trimEnd(text))} `;
  return (
    line
      // Signs of ASCII but ' , - . on their own,
      .replaceAll(/([{-~[-` -&(-+:-@/])/g, ' $1 ')
      // full stop and comma unless between digits,
      .replaceAll(/([^0-9])([.,])/gu, '$1 $2 ')
      .replaceAll(/([.,])([^0-9])/gu, ' $1 $2')
      // and the hyphen after a digit.
      .replaceAll(/([0-9])(-)/g, '$1 $2 ')
      .split(WHITE_SPACE)
      .filter((word) => word !== '')
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
 * What sacreBLEU takes for Chinese. Two of its ranges were meant for characters beyond U+FFFF and, written with four digits,
 * are U+2001–2A6D (with quotation marks and dashes) and U+2F81–2FA1 instead; figures are only comparable with them so.
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
