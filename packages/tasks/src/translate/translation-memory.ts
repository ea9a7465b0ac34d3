import type { TranslateExample } from '@heed/datasets';

/**
 * Baseline that is a translation memory, the tool of translators before machine translation: it answers with the translation of
 * the most similar training text, unchanged. Similarity is the share of words that two texts have in common (Dice 1945); of
 * equally similar texts, the first counts.
 */
export function translationMemory(train: readonly TranslateExample[]): (example: TranslateExample) => string {
  const texts = train.map((example) => ({ example, words: wordsOf(example.english) }));
  const having = new Map<string, number[]>();
  texts.forEach(({ example, words }, n) => {
    for (const word of words) {
      const key = `${example.language} ${word}`;
      const known = having.get(key);
      if (known === undefined) having.set(key, [n]);
      else known.push(n);
    }
  });
  return ({ language, english }) => {
    const words = wordsOf(english);
    const common = new Map<number, number>();
    for (const word of words) {
      for (const n of having.get(`${language} ${word}`) ?? []) common.set(n, (common.get(n) ?? 0) + 1);
    }
    let best: string | undefined;
    let most = 0;
    for (const [n, count] of common) {
      const similarity = (2 * count) / (words.size + texts[n].words.size);
      if (similarity > most) [best, most] = [texts[n].example.references[0], similarity];
    }
    return best ?? english;
  };
}

const wordsOf = (english: string): Set<string> => new Set(english.toLowerCase().match(/\{\d+\}|\p{L}+|\d+/gu));
