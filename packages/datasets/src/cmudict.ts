/** A word of the dictionary with its pronunciations, each a list of ARPAbet phonemes. */
export interface Entry {
  readonly word: string;
  readonly pronunciations: readonly (readonly string[])[];
}

export interface CleanOptions {
  /** Whether vowels keep their stress digit: `AH0`, `AH1`, `AH2` instead of `AH`. */
  readonly stress: boolean;
}

/** Pattern of the words that are kept; names of punctuation marks and words with digits are left out. */
export const WORD = /^[a-z'.-]*[a-z][a-z'.-]*$/;

/**
 * Entries of the dictionary: the pronunciations of `word`, `word(2)`, … are grouped. Comments after `#` are dropped, and so are
 * stress digits unless asked for; pronunciations that are then the same count once.
 *
 * @see https://github.com/cmusphinx/cmudict for the file's conventions
 */
export function clean(dictionary: Readonly<Record<string, string>>, { stress }: CleanOptions): Entry[] {
  const words = new Map<string, Map<string, readonly string[]>>();
  for (const [key, value] of Object.entries(dictionary)) {
    const word = key.replace(/\(\d+\)$/, '').toLowerCase();
    if (!WORD.test(word)) continue;
    const text = value.replace(/#.*$/, '').trim();
    if (text === '') continue;
    const phonemes = (stress ? text : text.replaceAll(/\d/g, '')).split(/\s+/);
    const variants = words.get(word) ?? new Map<string, readonly string[]>();
    if (!variants.has(phonemes.join(' '))) variants.set(phonemes.join(' '), phonemes);
    words.set(word, variants);
  }
  return Array.from(words, ([word, variants]) => ({ word, pronunciations: [...variants.values()] }));
}
