import { isName, type StoryExample } from '@heed/datasets';
import type { Baseline } from '../task.js';
import { figuresOf } from './figures.js';

/**
 * Baseline that doesn't read what the facts say. It answers a question with the answer that was right most often for its form in
 * training, if that isn't a name; else with the last name of the facts that isn't in the question.
 */
export const habit: Baseline<StoryExample> = {
  title: 'usual answer, or the name told last',
  async judge(train, examples) {
    const counts = new Map<string, Map<string, number>>();
    for (const { question, answer } of train) {
      const of = counts.get(formOf(question)) ?? new Map<string, number>();
      counts.set(formOf(question), of);
      const key = answer.some(isName) ? NAME : answer[0];
      of.set(key, (of.get(key) ?? 0) + 1);
    }
    const answers = examples.map(({ facts, question }) => {
      const usual = mostCommon(counts.get(formOf(question)));
      if (usual !== NAME) return { answer: [usual] };
      const last = facts.flat().findLast((word) => isName(word) && !question.includes(word));
      return { answer: last === undefined ? [] : [last] };
    });
    return figuresOf(examples, answers);
  },
};

const NAME = '…';
const formOf = (question: readonly string[]): string => question.map((word) => (isName(word) ? NAME : word)).join(' ');

function mostCommon(counts: ReadonlyMap<string, number> = new Map()): string {
  let best: [string, number] = [NAME, 0];
  for (const entry of counts) if (entry[1] > best[1]) best = entry;
  return best[0];
}
