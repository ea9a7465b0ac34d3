/** The typewriter's characters for what typesetting made of them. */
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
/** Accents, after a letter has been taken apart. */
const MARKS = /\p{M}/gu;
const NOT_KEPT = /[^A-Za-z0-9 .,;:'"$!?()[\]/%&-]+/g;
const STRANGE = /[^A-Za-z0-9\s.,;:'"$!?()[\]/%&-]/u;

/** With the typewriter's characters, and letters without their accents. */
const typewritten = (text: string): string =>
  text
    .replace(TYPESET, (character) => TYPOGRAPHY[character])
    .normalize('NFKD')
    .replace(MARKS, '');

/** The first character that `normalizeText` has nothing for but a space; undefined when it keeps them all. */
export const strangeCharacter = (text: string): string | undefined => STRANGE.exec(typewritten(text))?.[0];

/**
 * English text in at most 80 characters: letters, digits, the space and . , ; : ' " $ ! ? ( ) [ ] / % & -. Curly quotes
 * become straight, long dashes two hyphens, as older speeches are typed; letters lose their accents; everything else
 * becomes a space; and runs of spaces one. None at the ends.
 */
export function normalizeText(text: string): string {
  return typewritten(text).replace(NOT_KEPT, ' ').replace(/ {2,}/g, ' ').trim();
}
