import { checkName, sample } from '@heed/base';
import { testSetsOf, type TestSet } from '@heed/datasets';
import type { AnyData } from '../known.js';
import { typed } from '../usage-error.js';

type Examples = TestSet<AnyData['test'][number]>;

/**
 * Examples by the name of their part: training, validation, one test set, or all test sets as 'test'.
 *
 * @throws UsageError for a name that the data don't have
 */
export function examplesOf(data: AnyData, split: string): readonly Examples[] {
  const sets = testSetsOf(data);
  if (split === 'test') return sets;
  const others: Examples[] = (['validation', 'train'] as const).map((name) => ({
    name,
    title: `the ${name} part`,
    examples: data[name],
  }));
  const all = [...sets, ...others];
  typed(() => checkName('split', split, [...new Set(['test', ...all.map(({ name }) => name)])]));
  return [all.find(({ name }) => name === split)!];
}

/** At most so many examples of each, chosen by a seed. */
export const limited = (sets: readonly Examples[], limit: number | undefined, seed: number): readonly Examples[] =>
  limit === undefined ? sets : sets.map((set) => ({ ...set, examples: sample(set.examples, limit, seed) }));
