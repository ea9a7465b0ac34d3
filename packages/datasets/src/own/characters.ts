import { graphemesOf, isSimple } from './units.js';

/** Places of the characters (grapheme clusters) of a text. */
export interface Places {
  /** Number of characters. */
  readonly length: number;
  /** Index of the first code unit of a character; of the end for the number of characters. */
  at(character: number): number;
}

/** Places of a text's characters, in 4 bytes each where they aren't code units anyway. */
export function placesOf(text: string): Places {
  if (isSimple(text)) return { length: text.length, at: (character) => character };
  const starts = new Uint32Array(text.length + 1);
  let length = 0;
  let at = 0;
  eachCharacter(text, (character) => {
    starts[length++] = at;
    at += character.length;
  });
  starts[length] = text.length;
  return { length, at: (character) => starts[character] };
}

/** How often each character occurs in texts. */
export function countCharacters(texts: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  const add = (character: string, count: number): void => {
    counts.set(character, (counts.get(character) ?? 0) + count);
  };
  // Where characters are code units they are counted as numbers, which is much quicker.
  const units = new Float64Array(2 ** 16);
  for (const text of texts) {
    if (isSimple(text)) for (let n = 0; n < text.length; n++) units[text.charCodeAt(n)]++;
    else eachCharacter(text, (character) => add(character, 1));
  }
  units.forEach((count, unit) => {
    if (count > 0) add(String.fromCharCode(unit), count);
  });
  return counts;
}

/** Visits the characters of a text, line by line: most lines need no segmenter, and no cluster reaches over a line's end. */
function eachCharacter(text: string, visit: (character: string) => void): void {
  for (let start = 0; start < text.length;) {
    const end = text.indexOf('\n', start);
    const next = end < 0 ? text.length : end + 1;
    for (const character of graphemesOf(text.slice(start, next))) visit(character);
    start = next;
  }
}
