/**
 * Letters of the pseudo language `qps-ploc`, which is English in letters that look similar: it shows testers which text isn't
 * translatable. Each stands for one English letter, so the English text can be recovered.
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

/** English text of a text in the pseudo language. Characters that aren't letters of the pseudo language stay as they are. */
export const fromPseudo = (text: string): string =>
  Array.from(text, (character) => LETTERS.get(character) ?? character).join('');
