import type { NormalForm } from './own-data.js';

interface Form {
  readonly normalForm?: NormalForm;
}

/**
 * A text with `\n` at the end of each line and its characters in a Unicode normal form, by default NFC: the same letter with
 * the same accent is then the same sequence of code points, however it was typed.
 *
 * @see Unicode Standard Annex 15
 */
export function normalizeOwnText(text: string, { normalForm = 'NFC' }: Form = {}): string {
  if (PRINTABLE.test(text)) return text;
  const lines = text.replaceAll(/\r\n?/g, '\n');
  return normalForm === 'none' ? lines : lines.normalize(normalForm);
}

const PRINTABLE = /^[ -~\n]*$/;

/** A side of a pair as loaded data have it: normalised, white space of any kind and length one space, none at the ends. */
export function tidyPairText(text: string, form: Form = {}): string {
  return TIDY.test(text) ? text : normalizeOwnText(text, form).replaceAll(/\s+/g, ' ').trim();
}

// Most texts are already so, and are kept without a copy.
const TIDY = /^[!-~]+(?: [!-~]+)*$/;
