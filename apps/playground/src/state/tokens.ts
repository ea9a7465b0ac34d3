/** Greatest number of tokens: maps with more can't be read. */
export const MOST_TOKENS = 48;

/** Ways to cut a text. 'auto' cuts into words when the text has spaces, and else into letters. */
export const CUTS = ['auto', 'words', 'letters'] as const;
export type Cut = (typeof CUTS)[number];

/** Way to cut a text, with 'auto' decided. */
export const cutOf = (text: string, cut: Cut): Exclude<Cut, 'auto'> =>
  cut !== 'auto' ? cut : /\s/.test(text.trim()) ? 'words' : 'letters';

/** Tokens of a text, at most `MOST_TOKENS`, and the number left out: "the cat" has two; "cat" has three, or one as a word. */
export function tokensOf(text: string, cut: Cut): { readonly tokens: string[]; readonly left: number } {
  const words = text.trim().split(/\s+/).filter(Boolean);
  const all = cutOf(text, cut) === 'words' ? words : words.flatMap(letters);
  return { tokens: all.slice(0, MOST_TOKENS), left: Math.max(0, all.length - MOST_TOKENS) };
}

const letters = (word: string): string[] => Array.from(new Intl.Segmenter().segment(word), ({ segment }) => segment);
