/** Marks of direction and the non-joiner: keyboards rarely have them, and nobody sees that they are missing. */
const INVISIBLE = /[\u061c\u200c\u200e\u200f]/g;
/** Right single quotation mark, letter apostrophe and Hebrew's geresh, for which people type an apostrophe. */
const APOSTROPHES = /[\u2019\u02bc\u05f3]/g;

/**
 * Dates as data and as people type them are the same after this: composed (NFC), every space U+0020, apostrophes ', without
 * invisible marks.
 */
export const foldCharacters = (text: string): string =>
  text.normalize('NFC').replaceAll(INVISIBLE, '').replaceAll(/\s/g, ' ').replaceAll(APOSTROPHES, "'");

/**
 * What a model is given of folded text: its characters (code points), in lower case where that is one character, too, so that
 * symbols and characters of the text stay one to one.
 */
export const dateSymbols = (text: string): string[] => Array.from(text, symbolOf);

function symbolOf(character: string): string {
  const known = SYMBOLS.get(character);
  if (known !== undefined) return known;
  const lower = character.toLowerCase();
  const symbol = [...lower].length === 1 ? lower : character;
  // Those of all locales are some six hundred; the bound is for what else is typed.
  if (SYMBOLS.size < 10_000) SYMBOLS.set(character, symbol);
  return symbol;
}

/** One string for a symbol, however often it occurs: two million are made for the data. */
const SYMBOLS = new Map<string, string>();

/** Zeros of the digits that the locales use: Latin, Arabic, Persian, Devanagari, Bengali, Burmese. */
const ZEROS = ['0', '٠', '۰', '०', '০', '၀'].map((zero) => zero.codePointAt(0)!);

/** Zero to nine; undefined for what isn't a digit. */
export function digitOf(character: string): number | undefined {
  const code = character.codePointAt(0)!;
  const zero = ZEROS.find((zero) => code >= zero && code < zero + 10);
  return zero === undefined ? undefined : code - zero;
}
