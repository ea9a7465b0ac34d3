import { VIDEO_FRAMES, type VideoExample, type VideoQuestion } from '@heed/datasets';
import type { Judgement, Metric } from '../task.js';

/** An answer that was written, and what each of its words looked at. */
export interface Answered {
  readonly text: string;
  /** Share of each frame in the attention of each word; of a model with attention. */
  readonly looks: readonly (readonly number[])[] | undefined;
}

/** Figures of each question: key, and label for people. */
const OF_QUESTION: Readonly<Record<VideoQuestion, { readonly suffix: string; readonly label: string }>> = {
  'what changed': { suffix: 'Change', label: 'what changed' },
  'which frame': { suffix: 'Frame', label: 'which frame' },
};
const QUESTIONS = Object.entries(OF_QUESTION) as [VideoQuestion, { suffix: string; label: string }][];

const RIGHT: Metric = { key: 'right', label: 'right answers', format: 'share', better: 'higher' };
const LOOK: Metric = {
  key: 'onFrame',
  label: 'attention on the frame that changes',
  format: 'share',
  better: 'higher',
  meaning: `mean over the words of answers; attention to all ${VIDEO_FRAMES} frames alike would have ${Math.round(100 / VIDEO_FRAMES)} %`,
};

const ofQuestions = ({ key, label, format, better }: Metric): Metric[] =>
  QUESTIONS.map(([, { suffix, label: question }]) => ({
    key: `${key}${suffix}`,
    label: `${label}, ${question}`,
    format,
    better,
  }));

export const videoMetrics: readonly Metric[] = [RIGHT, ...ofQuestions(RIGHT), LOOK, ...ofQuestions(LOOK)];

/** Judgement of answers: how many are right, and how much of the attention is on the frame that the film changes in. */
export function judgeAnswers(examples: readonly VideoExample[], answers: readonly Answered[]): Judgement {
  const sums = new Map<string, { sum: number; count: number }>();
  const add = (key: string, suffix: string, value: number): void => {
    for (const name of [key, `${key}${suffix}`]) {
      const { sum, count } = sums.get(name) ?? { sum: 0, count: 0 };
      sums.set(name, { sum: sum + value, count: count + 1 });
    }
  };
  examples.forEach(({ question, text, changesAt }, n) => {
    const { suffix } = OF_QUESTION[question];
    const answer = answers[n];
    add(RIGHT.key, suffix, Number(answer.text === text));
    if (changesAt === undefined) return;
    for (const shares of answer.looks ?? []) add(LOOK.key, suffix, shares[changesAt]);
  });
  return {
    examples: examples.length,
    figures: Object.fromEntries([...sums].map(([key, { sum, count }]) => [key, sum / count])),
  };
}
