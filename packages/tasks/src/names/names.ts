import { HeedError } from '@heed/core';
import { loadNames, type TextDataset, type TextExample } from '@heed/datasets';
import type { LanguageConfig } from '@heed/seq2seq';
import type { Task } from '../task.js';
import { writeAllOn, type TextInput } from '../text/answer.js';
import { judgeTexts, textBaselines, textMetrics } from '../text/judge.js';
import { presets } from './presets.js';

/** First names, invented letter by letter. */
export const names: Task<'language', TextInput, TextExample> = {
  name: 'names',
  title: 'First names',
  description:
    'Begin a first name, or nothing, and it is finished letter by letter; the maps show which letters each was made ' +
    'of.',
  limits: [
    'It was given first names of English-speaking countries as one list of 2002 has them, most of them of women.',
    'Many of the names it writes are in no list; some are, as it was trained on them.',
    'Letters a to z and the hyphen, in lower case.',
  ],
  unit: 'names',
  example: 'mar',
  presets,
  options: ['sampling'],
  metrics: textMetrics,
  load: loadNames,
  configure({ model }, data, seed) {
    return { ...model, symbols: (data as TextDataset).symbols, seed } as LanguageConfig;
  },
  judge: judgeTexts,
  baselines: textBaselines(4),
  parse(text) {
    const name = text.trim().toLowerCase();
    const strange = [...name].find((character) => !/[a-z-]/.test(character));
    if (strange === undefined) return { text: name, symbols: [...name] };
    throw new HeedError('INVALID_ARGUMENT', {
      message: `names: ${JSON.stringify(name)} has the character ${JSON.stringify(strange)}`,
      hint: 'a name is made of the letters a to z and the hyphen',
      details: { text, character: strange },
    });
  },
  write: ({ text }) => text,
  // No letter is the right one.
  expected: () => [],
  answer: (model, inputs, options = {}) => writeAllOn(model, inputs, options, { length: 20 }),
};
