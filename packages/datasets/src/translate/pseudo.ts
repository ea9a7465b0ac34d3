/**
 * The pseudo language `qps-ploc` is English in letters that look like it, so that testers see which text was never made
 * translatable. Each stands for one letter, so English can be had back.
 */
const LETTERS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    æ: 'a',
    þ: 'b',
    ç: 'c',
    ð: 'd',
    ë: 'e',
    ï: 'i',
    ñ: 'n',
    ø: 'o',
    µ: 'u',
    ÿ: 'y',
    Æ: 'A',
    ß: 'B',
    Ç: 'C',
    Ð: 'D',
    Ë: 'E',
    Ï: 'I',
    Ñ: 'N',
    Ø: 'O',
    Ü: 'U',
    Ý: 'Y',
    '£': 'L',
    '§': 'S',
  }),
);

/** A text of the pseudo language in English. What has no counterpart there stays as it is. */
export const fromPseudo = (text: string): string =>
  Array.from(text, (character) => LETTERS.get(character) ?? character).join('');
