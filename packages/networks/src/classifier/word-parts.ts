import type { ClassifierConfig, Subwords } from './config.js';

/** A row of the table of vectors that is part of a word's vector, and the factor that it counts with. */
export interface WordPart {
  readonly row: number;
  readonly share: number;
}

/** The row of all words that have none of their own. */
const UNKNOWN = 0;

/** What words are made of: their own row, or that of unknown words, and in equal shares those of their runs of letters. */
export function wordParts({
  symbols,
  subwords,
}: Pick<ClassifierConfig, 'symbols' | 'subwords'>): (word: string) => WordPart[] {
  const numbers = new Map(symbols.map((symbol, n) => [symbol, n + 1]));
  const rows = 1 + symbols.length;
  return (word) => {
    const runs = subwords === null ? [] : bucketsOf(word, subwords);
    const own = { row: numbers.get(word) ?? UNKNOWN, share: 1 };
    return [own].concat(runs.map((bucket) => ({ row: rows + bucket, share: 1 / runs.length })));
  };
}

/** The buckets of a word's runs of letters, the word's ends being marked: '<un', 'unf', … */
export function bucketsOf(word: string, { buckets, shortest, longest }: Subwords): number[] {
  const letters = [...`<${word}>`];
  const found: number[] = [];
  for (let length = shortest; length <= longest; length++) {
    for (let start = 0; start + length <= letters.length; start++) {
      found.push(fnv1a(letters.slice(start, start + length).join('')) % buckets);
    }
  }
  return found;
}

/** @see http://www.isthe.com/chongo/tech/comp/fnv/ (32 bits) */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
