import { loadSotu, normalizeText, type TextDataset, type TextExample } from '@heed/datasets';
import type { LanguageConfig } from '@heed/seq2seq';
import type { Task } from '../task.js';
import { writeAllOn, type TextInput } from '../text/answer.js';
import { presets } from './presets.js';
import { judgeTexts, textBaselines, textMetrics } from '../text/judge.js';

/** Text in the manner of the State of the Union addresses. */
export const generate: Task<'language', TextInput, TextExample> = {
  name: 'generate',
  title: 'Text generation',
  description:
    'Begin a speech, and it is written on, character by character, in the manner of the State of the Union addresses; ' +
    'the maps show which characters each was made of.',
  limits: [
    'It writes words and phrases, not thoughts: a sentence seldom means anything, and nothing in it is a fact.',
    'It has read what presidents said from 1790 to 2021, with the views of their times.',
    'It sees the last 192 characters and knows 80 of them: letters, digits, space and common punctuation.',
  ],
  unit: 'windows',
  example: 'The state of the Union is',
  presets,
  options: ['sampling'],
  metrics: textMetrics,
  load: loadSotu,
  configure({ model }, data, seed) {
    return { ...model, symbols: (data as TextDataset).symbols, seed } as LanguageConfig;
  },
  judge: judgeTexts,
  baselines: textBaselines(6),
  parse(text) {
    const normal = normalizeText(text);
    // Whether a word is to be finished or another one begun.
    const prompt = normal !== '' && /\s$/.test(text) ? `${normal} ` : normal;
    return { text: prompt, symbols: [...prompt] };
  },
  write: ({ text }) => text,
  // Nothing is the right way to write on.
  expected: () => [],
  answer: (model, inputs, options = {}) => writeAllOn(model, inputs, options, { length: 200, temperature: 0.7 }),
};
