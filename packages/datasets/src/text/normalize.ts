/** Characters of a typewriter for those of typesetting. */
const TYPOGRAPHY: Readonly<Record<string, string>> = {
  '‘': "'",
  '’': "'",
  '`': "'",
  '“': '"',
  '”': '"',
  '‐': '-',
  '‑': '-',
  '–': '-',
  '—': '--',
  '…': '...',
};

const TYPESET = new RegExp(`[${Object.keys(TYPOGRAPHY).join('')}]`, 'g');
/** Accents of a letter in decomposed form. */
const MARKS = /\p{M}/gu;
const NOT_KEPT = /[^A-Za-z0-9 .,;:'"$!?()[\]/%&-]+/g;
const STRANGE = /[^A-Za-z0-9\s.,;:'"$!?()[\]/%&-]/u;

/** A text with the characters of a typewriter, and letters without accents. */
const typewritten = (text: string): string =>
  text
    .replace(TYPESET, (character) => TYPOGRAPHY[character])
    .normalize('NFKD')
    .replace(MARKS, '');

/** First character of a text that `normalizeText` replaces by a space because it is unknown; undefined when there is none. */
export const strangeCharacter = (text: string): string | undefined => STRANGE.exec(typewritten(text))?.[0];

/**
 * English text in an alphabet of at most 80 characters: letters, digits, the space and . , ; : ' " $ ! ? ( ) [ ] / % & -. Curly
 * quotes become straight, and long dashes two hyphens, as in the older speeches. Letters lose their accents. Every other
 * character becomes a space, a run of spaces one space, and spaces at both ends are removed.
 */
export function normalizeText(text: string): string {
  return typewritten(text).replace(NOT_KEPT, ' ').replace(/ {2,}/g, ' ').trim();
}
