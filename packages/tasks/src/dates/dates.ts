import { loadDates, parseDate, type DateExample, type DatesDataset } from '@heed/datasets';
import { alignmentErrors, alignmentRates } from '@heed/metrics';
import { evaluate, recurrent, type EvaluationReport } from '@heed/networks';
import { defineTask } from '../define-task.js';
import { sequencing, type SequenceInput } from '../recurrent.js';
import type { Judgement } from '../task.js';
import { dateParse, numbersAndWords } from './baselines.js';
import { formatDate } from './reading.js';
import { datePresets } from './presets.js';

/** Dates as 40 locales write them to ISO 8601. The data say which part of the text each digit comes from. */
export const dates = defineTask<typeof recurrent, SequenceInput, DatesDataset>({
  networks: [recurrent],
  ...sequencing(judgement, formatDate),
  name: 'dates',
  title: 'Dates of 40 locales to ISO',
  description:
    'Write a date as one of 40 locales does, get it as YYYY-MM-DD, and see which characters each digit came from.',
  limits: [
    'It reads the formats of 40 locales as CLDR has them, in the Gregorian calendar, years 1900 to 2099 in four digits.',
    "It can't know more than the text: 4/3/2024 needs its locale, as in 'en-US: 4/3/2024'.",
    'It was shown no misspellings, no other words around a date, and no relative dates; and it answers anything with some date.',
  ],
  unit: 'dates',
  example: 'Mittwoch, 3. April 2024',
  multiline: false,
  presets: datePresets,
  plain: 'none',
  metrics: [
    {
      key: 'exactMatch',
      label: 'exact match',
      format: 'share',
      better: 'higher',
      meaning: 'dates without a mistake',
    },
    {
      key: 'characterErrorRate',
      label: 'character error',
      format: 'share',
      better: 'lower',
      meaning: 'characters to change, put in or take out, of all characters',
    },
    {
      key: 'alignmentErrorRate',
      label: 'alignment error',
      format: 'share',
      better: 'lower',
      meaning: 'attention to other characters than those that a digit comes from',
    },
    {
      key: 'alignedRate',
      label: 'most attended is right',
      format: 'share',
      better: 'higher',
      meaning: 'digits that attend most to a character that they come from',
    },
  ],
  load: loadDates,
  baselines: [
    {
      title: 'numbers in the usual order, months by their words',
      judge: async (train, examples) => judgement(await evaluate(numbersAndWords(train), examples)),
    },
    {
      title: "JavaScript's own Date.parse",
      judge: async (_, examples) => judgement(await evaluate(dateParse, examples)),
    },
  ],
  parse: parseDate,
  expected: ({ iso }) => [iso],
});

function judgement(report: EvaluationReport<DateExample>): Judgement {
  const { examples, sequenceErrors, sequenceErrorRate, tokens, tokenErrors, tokenErrorRate, outputs } = report;
  const alignment = alignmentRates(
    outputs.flatMap(({ example, hypothesis: { weights } }) =>
      weights ? [alignmentErrors(weights, example.alignment)] : [],
    ),
  );
  return {
    examples,
    figures: {
      exactMatches: examples - sequenceErrors,
      exactMatch: 1 - sequenceErrorRate,
      characters: tokens,
      characterErrors: tokenErrors,
      characterErrorRate: tokenErrorRate,
      ...(alignment && {
        alignedCharacters: alignment.symbols,
        alignmentErrorRate: alignment.alignmentErrorRate,
        alignedRate: alignment.alignedRate,
      }),
    },
  };
}
