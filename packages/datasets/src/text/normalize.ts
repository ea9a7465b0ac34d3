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

/**
 * English text in at most 80 characters: letters, digits, the space and . , ; : ' " $ ! ? ( ) [ ] / % & -. Curly quotes
 * become straight, long dashes two hyphens, as older speeches are typed; letters lose their accents; everything else
 * becomes a space; and runs of spaces one. None at the ends.
 */
export function normalizeText(text: string): string {
  return text
    .replace(TYPESET, (character) => TYPOGRAPHY[character]!)
    .normalize('NFKD')
    .replace(MARKS, '')
    .replace(NOT_KEPT, ' ')
    .replace(/ {2,}/g, ' ')
    .trim();
}
