import { HeedError } from '@heed/base';
import { fingerprint } from './fingerprint.js';
import type { Dataset } from './dataset.js';

/** A text, its words by sentences, and the class that people put it in. */
export interface ClassifiedText {
  /** As people write it. */
  readonly text: string;
  /** At least one, none empty. */
  readonly sentences: readonly (readonly string[])[];
  readonly label: string;
}

/** Of texts in classes, with the words that a model is to know. */
export interface ClassifiedDataset<Example extends ClassifiedText = ClassifiedText> extends Dataset<Example> {
  /** Words of the texts to train on, sorted; rare ones are left out. */
  readonly symbols: readonly string[];
  /** Sorted. */
  readonly classes: readonly string[];
}

/** The words that at least `least` of the texts have, at most `most` of them, the most frequent; sorted. */
export function commonWords(
  texts: readonly Pick<ClassifiedText, 'sentences'>[],
  { least, most = Infinity }: { readonly least: number; readonly most?: number },
): string[] {
  const counts = new Map<string, number>();
  for (const { sentences } of texts) {
    for (const word of new Set(sentences.flat())) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return [...counts]
    .filter(([, count]) => count >= least)
    .toSorted(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
    .slice(0, most)
    .map(([word]) => word)
    .toSorted();
}

/** Enough of SHA-256 to tell two editions of the texts apart. */
export function fingerprintOf(texts: readonly Pick<ClassifiedText, 'sentences' | 'label'>[]): string {
  return fingerprint(
    texts.map(({ sentences, label }) => `${label}\t${sentences.map((words) => words.join(' ')).join('\t')}\n`),
  );
}

/** @throws HeedError INVALID_ARGUMENT for a text without a word */
export function assertWords(what: string, text: string, sentences: readonly (readonly string[])[]): void {
  if (sentences.length > 0) return;
  throw new HeedError('INVALID_ARGUMENT', {
    message: `${what}: ${JSON.stringify(text.slice(0, 80))} has no word`,
    hint: 'write a few English words',
    details: { text: text.slice(0, 1000) },
  });
}
