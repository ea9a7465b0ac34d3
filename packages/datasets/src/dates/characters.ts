/** Direction marks and the zero-width non-joiner: few keyboards have them, and they are invisible. */
const INVISIBLE = /[\u061c\u200c\u200e\u200f]/g;
/** Right single quotation mark, letter apostrophe and Hebrew geresh: people type ' instead of them. */
const APOSTROPHES = /[\u2019\u02bc\u05f3]/g;

/**
 * Text in one form, so that dates of the data and dates that people type are equal: composed (NFC), with U+0020 for every space,
 * ' for every apostrophe, and without invisible marks.
 */
export const foldCharacters = (text: string): string =>
  text.normalize('NFC').replaceAll(INVISIBLE, '').replaceAll(/\s/g, ' ').replaceAll(APOSTROPHES, "'");

/**
 * Symbols of a folded text: its characters (code points), in lower case where the lower case is one character too, so that there
 * is one symbol for each character.
 */
export const dateSymbols = (text: string): string[] => Array.from(text, symbolOf);

function symbolOf(character: string): string {
  const known = SYMBOLS.get(character);
  if (known !== undefined) return known;
  const lower = character.toLowerCase();
  const symbol = [...lower].length === 1 ? lower : character;
  // All locales together have about six hundred; the bound is for other characters that people type.
  if (SYMBOLS.size < 10_000) SYMBOLS.set(character, symbol);
  return symbol;
}

/** Cache of symbols, one string for each: the data have two million of them. */
const SYMBOLS = new Map<string, string>();

/** Code points of the digit 0 in the scripts that the locales use: Latin, Arabic, Persian, Devanagari, Bengali, Burmese. */
const ZEROS = ['0', '٠', '۰', '०', '০', '၀'].map((zero) => zero.codePointAt(0)!);

/** Value of a digit of any of these scripts, 0 to 9; undefined for other characters. */
export function digitOf(character: string): number | undefined {
  const code = character.codePointAt(0)!;
  const zero = ZEROS.find((zero) => code >= zero && code < zero + 10);
  return zero === undefined ? undefined : code - zero;
}
