import type { TranslateExample } from '@heed/datasets';
import { nearest } from '../nearest.js';

/**
 * Baseline that is a translation memory, the tool of translators before machine translation: it answers with the translation of
 * the most similar training text, unchanged. Similarity is the share of words that two texts have in common.
 */
export function translationMemory(train: readonly TranslateExample[]): (example: TranslateExample) => string {
  const known = train.map(({ language, english, references }) => ({
    language,
    units: wordsOf(english),
    value: references[0],
  }));
  const memories = new Map<string, ReturnType<typeof nearest<string>>>();
  for (const language of new Set(known.map((one) => one.language))) {
    memories.set(language, nearest(known.filter((one) => one.language === language)));
  }
  return ({ language, english }) => memories.get(language)?.(wordsOf(english)) ?? english;
}

const wordsOf = (english: string): Set<string> => new Set(english.toLowerCase().match(/\{\d+\}|\p{L}+|\d+/gu));
