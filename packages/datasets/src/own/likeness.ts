/** What of a text counts when texts are compared: the rest is folded away. */
export const LEVELS = ['letters', 'letters and digits', 'all'] as const;
export type Level = (typeof LEVELS)[number];

const FOLDED: Readonly<Record<Level, RegExp>> = {
  letters: /[^\p{L}\p{M}]+/gu,
  'letters and digits': /[^\p{L}\p{M}\p{N}]+/gu,
  all: /\s+/gu,
};

/**
 * Key that is equal for texts that differ only in case, spaces, and what the level folds away. Of a text without anything that
 * counts it is the text in small letters.
 */
export function likenessOf(text: string, level: Level): string {
  const small = text.toLowerCase();
  if (SMALL_LETTERS.test(small)) return small;
  const key = small.normalize('NFKC').replaceAll(FOLDED[level], '');
  return key === '' ? small : key;
}

const SMALL_LETTERS = /^[a-z]+$/;

/**
 * Words to compare texts by, in small letters; in scripts without spaces every character is one.
 */
export const wordsToCompare = (text: string): readonly string[] => text.toLowerCase().match(WORD) ?? [];

const WORD =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]|[\p{L}\p{M}\p{N}]+/gu;
