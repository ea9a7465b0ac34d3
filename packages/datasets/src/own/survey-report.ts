import type { DatasetSummary } from '../dataset.js';
import type { Kind } from './guess-kind.js';
import type { Suspicion } from './suspicions.js';
import type { AlphabetFacts, LengthFacts } from './text-facts.js';

/** What is found in somebody's own data, as plain JSON. */
export interface Survey {
  readonly kind: Kind;
  /** Summary of the dataset: counts with what is left out, the settings that are taken, and sentences that say why. */
  readonly summary: DatasetSummary;
  /** Lengths of each side in its units; of labelled texts in words, of windows in characters, of captions in symbols. */
  readonly lengths: Readonly<Record<string, LengthFacts>>;
  /** Characters of each side, of all parts. */
  readonly alphabets: Readonly<Record<string, AlphabetFacts>>;
  /** Sides of pictures in pixels, as they are in their files; absent for other kinds. */
  readonly sizes?: Readonly<Record<'width' | 'height', LengthFacts>>;
  /** Numbers of texts by their label, and of captions by their language, the most common first; empty for other kinds. */
  readonly labels: readonly (readonly [label: string, count: number])[];
  readonly suspicions: readonly Suspicion[];
}
