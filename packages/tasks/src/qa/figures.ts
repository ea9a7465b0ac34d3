import { FAMILIES, type Family, type StoryExample } from '@heed/datasets';
import { isSameAnswer, type StoryAnswer } from '@heed/networks';
import type { Judgement, Metric } from '../task.js';

const LABELS: Readonly<Record<Family, string>> = {
  oneFact: 'one fact',
  twoFacts: 'two facts',
  threeFacts: 'three facts',
  counting: 'counting',
  yesNo: 'yes or no',
  lists: 'lists',
  countries: 'countries',
};

/** Key of a family's accuracy: 'accuracyOneFact'. */
const keyOf = (family: Family): string => `accuracy${family[0].toUpperCase()}${family.slice(1)}`;

export const metrics: readonly Metric[] = [
  {
    key: 'accuracy',
    label: 'accuracy',
    format: 'share',
    better: 'higher',
    meaning: 'questions answered right; then by what they ask for',
  },
  ...FAMILIES.map(
    (family) => ({ key: keyOf(family), label: LABELS[family], format: 'share', better: 'higher' }) as const,
  ),
  {
    key: 'support',
    label: 'top fact supports',
    format: 'share',
    better: 'higher',
    meaning: 'the fact with the most attention is one that the answer needs',
  },
  {
    key: 'supportMass',
    label: 'weight on support',
    format: 'share',
    better: 'higher',
    meaning: 'attention to the facts that the answer needs',
  },
];

/** Answer to an example, by a model or a baseline. */
export type Answered = Pick<StoryAnswer, 'answer' | 'weights'>;

/**
 * Accuracy over all questions and over those of each family. An answer is right when it has the same words; in a list their order
 * doesn't matter. With attention also:
 *
 * - support: share of questions for which the fact with the most weight, summed over the hops, is one that the answer follows from;
 * - supportMass: share of the weight on facts that lies on those, as a mean over the questions.
 */
export function figuresOf(examples: readonly StoryExample[], answers: readonly Answered[]): Judgement {
  const right = examples.map(({ answer }, n) => (isSameAnswer(answer, answers[n].answer) ? 1 : 0));
  const figures: Record<string, number> = { accuracy: mean(right) };
  for (const family of FAMILIES) {
    const its = right.filter((_, n) => examples[n].family === family);
    if (its.length > 0) figures[keyOf(family)] = mean(its);
  }
  const looks = examples.flatMap(({ supports }, n) => {
    const { weights } = answers[n];
    return weights === undefined ? [] : [lookOf(weights, supports)];
  });
  if (looks.length > 0) {
    figures['support'] = mean(looks.map(({ isTopSupporting }) => (isTopSupporting ? 1 : 0)));
    figures['supportMass'] = mean(looks.map(({ mass }) => mass));
  }
  return { examples: examples.length, figures };
}

function lookOf(weights: readonly Float32Array[], supports: readonly number[]) {
  const sums = Array.from(weights[0], (_, i) => weights.reduce((sum, row) => sum + row[i], 0));
  const all = sums.reduce((sum, weight) => sum + weight, 0);
  const supporting = supports.reduce((sum, n) => sum + sums[n], 0);
  return {
    isTopSupporting: supports.includes(sums.indexOf(Math.max(...sums))),
    mass: all === 0 ? 0 : supporting / all,
  };
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
