/** More make maps of embeddings that nobody reads. */
export const MOST_TOKENS = 48;

/** Words where there are spaces, else characters: "the cat" has two, "cat" three. */
export function tokensOf(text: string): string[] {
  const trimmed = text.trim();
  if (trimmed === '') return [];
  const parts = /\s/.test(trimmed)
    ? trimmed.split(/\s+/)
    : Array.from(new Intl.Segmenter().segment(trimmed), ({ segment }) => segment);
  return parts.slice(0, MOST_TOKENS);
}
