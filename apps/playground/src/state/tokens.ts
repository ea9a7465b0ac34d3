/** More make maps of embeddings that nobody reads. */
export const MOST_TOKENS = 48;

/** What a text is cut into; by itself, words where there are spaces, and else letters. */
export const CUTS = ['auto', 'words', 'letters'] as const;
export type Cut = (typeof CUTS)[number];

/** What `auto` means for a text. */
export const cutOf = (text: string, cut: Cut): Exclude<Cut, 'auto'> =>
  cut !== 'auto' ? cut : /\s/.test(text.trim()) ? 'words' : 'letters';

/** "the cat" has two tokens; "cat" has three, or one as a word. */
export function tokensOf(text: string, cut: Cut): { readonly tokens: string[]; readonly left: number } {
  const words = text.trim().split(/\s+/).filter(Boolean);
  const all = cutOf(text, cut) === 'words' ? words : words.flatMap(letters);
  return { tokens: all.slice(0, MOST_TOKENS), left: Math.max(0, all.length - MOST_TOKENS) };
}

const letters = (word: string): string[] => Array.from(new Intl.Segmenter().segment(word), ({ segment }) => segment);
