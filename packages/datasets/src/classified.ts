import { HeedError } from '@heed/base';
import { fingerprint } from './fingerprint.js';
import type { Dataset } from './dataset.js';

/** A text, the words of its sentences, and the class that people gave it. */
export interface ClassifiedText {
  /** Text as its author wrote it. */
  readonly text: string;
  /** Sentences of words: at least one, none empty. */
  readonly sentences: readonly (readonly string[])[];
  readonly label: string;
}

/** Dataset of texts in classes, with the words that a model knows. */
export interface ClassifiedDataset<Example extends ClassifiedText = ClassifiedText> extends Dataset<Example> {
  /** Words of the training texts, sorted; rare ones are left out. */
  readonly symbols: readonly string[];
  /** Names of the classes, sorted. */
  readonly classes: readonly string[];
}

/** Words that occur in at least `least` of the texts, sorted: the `most` most frequent ones when there are more. */
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

/** Hash of the texts and their classes: as much of SHA-256 as tells two versions of them apart. */
export function fingerprintOf(texts: readonly Pick<ClassifiedText, 'sentences' | 'label'>[]): string {
  return fingerprint(
    texts.map(({ sentences, label }) => `${label}\t${sentences.map((words) => words.join(' ')).join('\t')}\n`),
  );
}

/**
 * Refuses a text without a word.
 *
 * @throws HeedError INVALID_ARGUMENT
 */
export function assertWords(what: string, text: string, sentences: readonly (readonly string[])[]): void {
  if (sentences.length > 0) return;
  throw new HeedError('INVALID_ARGUMENT', {
    message: `${what}: ${JSON.stringify(text.slice(0, 80))} has no word`,
    hint: 'write a few English words',
    details: { text: text.slice(0, 1000) },
  });
}
