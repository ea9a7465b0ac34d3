import type { PairExample, Unit } from '@heed/datasets';
import { nearest } from '../nearest.js';
import type { Baseline } from '../task.js';
import { judgePairs, type PairOutput } from './pair-figures.js';

// More examples than these are too many to compare every input with.
const MOST_COMPARED = 50_000;

/** Baselines of pairs: the target that most training pairs have, and that of the most similar source. */
export const pairBaselines = (unit: () => Unit): readonly Baseline<PairExample>[] => [
  {
    title: 'most common target',
    async judge(train, examples) {
      const counts = new Map<string, number>();
      let best: PairExample | undefined;
      for (const example of train) {
        const [text] = example.references;
        const count = (counts.get(text) ?? 0) + 1;
        counts.set(text, count);
        if (best === undefined || count > counts.get(best.references[0])!) best = example;
      }
      return judged(examples, unit, () => best);
    },
  },
  {
    title: 'target of the most similar source',
    async judge(train, examples) {
      const some = train.length > MOST_COMPARED ? train.slice(0, MOST_COMPARED) : train;
      const find = nearest(some.map((example) => ({ units: partsOf(example.text), value: example })));
      return judged(examples, unit, ({ text }) => find(partsOf(text)));
    },
  },
];

function judged(
  examples: readonly PairExample[],
  unit: () => Unit,
  tell: (example: PairExample) => PairExample | undefined,
): ReturnType<typeof judgePairs> {
  if (examples.length === 0) return judgePairs([], [], 'characters');
  const outputs = examples.map((example): PairOutput => {
    const found = tell(example);
    return { units: found?.targets[0] ?? [], text: found?.references[0] ?? '' };
  });
  return judgePairs(examples, outputs, unit());
}

/** What makes texts alike: their words, or runs of three characters where there are no two words. */
function partsOf(text: string): Set<string> {
  const words = text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  if (words.length > 1) return new Set(words);
  const characters = [...`  ${text.toLowerCase()} `];
  return new Set(characters.slice(2).map((_, n) => characters.slice(n, n + 3).join('')));
}
