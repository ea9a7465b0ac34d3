import type { VideoExample } from '@heed/datasets';
import type { RgbPicture } from '@heed/pictures';
import type { Baseline } from '../task.js';
import { judgeAnswers, type Answered } from './figures.js';

/** Simple methods that know no more than which answers there are, and how much of a picture is another than before. */
export const videoBaselines: readonly Baseline<VideoExample>[] = [
  {
    title: 'frame that differs most from the one before; else the most common answer',
    judge: async (train, examples) => judgeAnswers(examples, byDifference(train, examples)),
  },
  {
    title: 'most common answer to the question',
    judge: async (train, examples) => judgeAnswers(examples, mostCommon(train, examples)),
  },
];

function mostCommon(train: readonly VideoExample[], examples: readonly VideoExample[]): Answered[] {
  const counts = new Map<string, Map<string, number>>();
  for (const { question, text } of train) {
    const own = counts.get(question) ?? new Map<string, number>();
    counts.set(question, own.set(text, (own.get(text) ?? 0) + 1));
  }
  const best = new Map(
    [...counts].map(([question, own]) => [question, [...own].toSorted(([, a], [, b]) => b - a)[0][0]]),
  );
  return examples.map(({ question }) => ({ text: best.get(question) ?? '', looks: undefined }));
}

function byDifference(train: readonly VideoExample[], examples: readonly VideoExample[]): Answered[] {
  return mostCommon(train, examples).map((common, n) => {
    const { question, frames } = examples[n];
    if (question !== 'which frame') return common;
    const differences = frames.map((frame, at) => (at === 0 ? 0 : difference(frame, frames[at - 1])));
    const most = Math.max(...differences);
    return { text: most === 0 ? 'no frame' : `frame ${differences.indexOf(most) + 1}`, looks: undefined };
  });
}

const difference = ({ data }: RgbPicture, { data: before }: RgbPicture): number =>
  data.reduce((sum, value, n) => sum + Math.abs(value - before[n]), 0);
