import { loadQa, parseStory, sentence, writeStory, type QaDataset, type Story } from '@heed/datasets';
import { shortest, type AttentionMap } from '@heed/heatmap';
import { memory, type StoryAnswer } from '@heed/networks';
import { defineTask } from '../define-task.js';
import { sharedEvidence } from '../evidence.js';
import { inBatches } from '../in-batches.js';
import { logProbability } from '../log-probability.js';
import type { Answer } from '../task.js';
import { habit } from './baseline.js';
import { figuresOf, metrics, type Answered } from './figures.js';
import { presets } from './presets.js';
import { formatAnswer } from './reading.js';

/** Question answering over facts; its maps show which facts are attended to, hop after hop. */
export const qa = defineTask<typeof memory, Story, QaDataset>({
  networks: [memory],
  name: 'qa',
  title: 'Question answering over facts',
  description:
    'Tell some facts, ask about them, and see which fact each hop of attention looked at to find the answer.',
  limits: [
    'It reads sentences of the forms of its data alone; names in them are free, and mean nothing to it beyond their story.',
    'It knows nothing of the world: what the facts don’t say it can’t answer, and it answers all the same.',
    'At most 20 facts with 24 different names; it is sure of itself in longer stories than it learnt from, and often wrong.',
  ],
  unit: 'stories',
  example:
    'Mary went to the garden. John took the ball. John walked to the kitchen. Mary went to the office. Where is the ball?',
  multiline: true,
  presets,
  plain: 'none',
  options: [],
  metrics,
  load: loadQa,
  configure({ model }, { words, answers }, seed) {
    return { ...model, symbols: words, classes: answers, seed };
  },
  outcomes: (model, examples, options = {}) =>
    inBatches(examples, BATCH_SIZE, options, async (batch) =>
      (await model.answer(batch)).map(({ answer, weights }): Answered => ({ answer, weights })),
    ),
  figures: figuresOf,
  baselines: [habit],
  parse: parseStory,
  write: writeStory,
  expected: ({ answer }) => [formatAnswer(answer)],
  async answer(model, inputs) {
    const answers = await model.answer(inputs);
    return inputs.map((story, n) => toAnswer(story, answers[n]));
  },
});

// Examples between two reports of progress, where the work can be stopped.
const BATCH_SIZE = 512;

const ALTERNATIVES = 4;
/** Label of the column for weight that is on no fact. */
const NO_FACT = '(no fact)';

function toAnswer(story: Story, { answer, candidates, weights }: StoryAnswer): Answer {
  const output = formatAnswer(answer);
  const others = candidates.filter(({ answer: other }) => !answer.includes(other)).slice(0, ALTERNATIVES);
  const map: AttentionMap | undefined = weights && {
    weights: weights.map((row) => [...row, Math.max(0, 1 - row.reduce((sum, weight) => sum + weight, 0))]),
    rowLabels: weights.map((_, hop) => `hop ${hop + 1}`),
    columnLabels: [...story.facts.map(sentence), NO_FACT],
    title: `${sentence(story.question)}? ${output}`,
    rowAxis: 'hop',
    columnAxis: 'fact',
  };
  return {
    output,
    evidence: sharedEvidence(answer, candidates),
    alternatives: others.map((other) => ({ output: other.answer, logProbability: logProbability(other.probability) })),
    maps: map === undefined ? [] : [map],
    details: {
      facts: story.facts.map(sentence),
      question: `${sentence(story.question)}?`,
      answer,
      candidates: candidates.slice(0, answer.length + ALTERNATIVES).map(({ answer: word, probability }) => ({
        answer: word,
        probability: shortest(probability),
      })),
      weights: weights?.map((row) => Array.from(row, shortest)) ?? null,
    },
  };
}
