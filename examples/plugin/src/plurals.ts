import { HeedError } from '@heed/core';
import type { SequenceDataset } from '@heed/datasets';
import { evaluate, presets, recurrent, type EvaluationReport, type Hypothesis, type Predictor } from '@heed/networks';
import { defineTask, sequencing, type Judgement, type SequenceInput } from '@heed/tasks';
import { WORD, loadPlurals } from './plurals-data.js';

/** Irregular plurals of English nouns, letter by letter. */
export const plurals = defineTask<typeof recurrent, SequenceInput, SequenceDataset>({
  networks: [recurrent],
  ...sequencing(judgement, (letters) => letters.join('')),
  name: 'plurals',
  title: 'Irregular plurals',
  description: 'Write an English noun, get its plural, and see which letters of it each letter came from.',
  limits: ['It has seen some 330 nouns, all of them irregular.'],
  unit: 'nouns',
  example: 'stratum',
  multiline: false,
  presets: {
    small: { title: "Luong's general attention", ...small() },
  },
  metrics: [
    {
      key: 'wordErrorRate',
      label: 'word error',
      format: 'share',
      better: 'lower',
      meaning: 'plurals with a mistake',
    },
    {
      key: 'letterErrorRate',
      label: 'letter error',
      format: 'share',
      better: 'lower',
      meaning: 'letters to change, put in or take out, of all letters',
    },
  ],
  load: loadPlurals,
  baselines: [
    { title: 'the noun as it is', judge: async (_, examples) => judgement(await evaluate(unchanged, examples)) },
  ],
  parse(text) {
    const noun = text.trim().toLowerCase();
    if (WORD.test(noun) && noun.length <= 32) return { text: noun, source: [...noun] };
    throw new HeedError('INVALID_ARGUMENT', {
      message: `plurals: ${JSON.stringify(text)} is no noun of at most 32 letters a to z`,
      hint: 'give one noun at a time',
    });
  },
  expected: ({ targets }) => targets.map((letters) => letters.join('')),
});

/** Heed's small encoder–decoder, trained for less long: there is less to learn from. */
function small() {
  const { model, training } = presets.small;
  return { model, training: { ...training, steps: 600, batchSize: 16, evaluateEvery: 100, validationExamples: 32 } };
}

/** Answers each noun with itself. */
const itself = (output: readonly string[]): Hypothesis => ({
  output,
  logProbability: 0,
  score: 0,
  tokenLogProbabilities: [],
  finished: true,
});
const unchanged: Predictor = {
  greedy: async (sources) => sources.map(itself),
  beam: async (sources) => sources.map((source) => [itself(source)]),
};

function judgement(report: EvaluationReport): Judgement {
  const { examples, sequenceErrors, sequenceErrorRate, tokens, tokenErrors, tokenErrorRate } = report;
  return {
    examples,
    figures: {
      wordErrors: sequenceErrors,
      wordErrorRate: sequenceErrorRate,
      letters: tokens,
      letterErrors: tokenErrors,
      letterErrorRate: tokenErrorRate,
    },
  };
}
