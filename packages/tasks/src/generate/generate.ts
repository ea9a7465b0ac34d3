import { language } from '@heed/networks';
import { loadSotu, type TextDataset } from '@heed/datasets';
import { defineTask } from '../define-task.js';
import type { TextInput } from '../text/answer.js';
import { presets } from './presets.js';
import { beginningOf, reading } from './reading.js';
import { writing } from '../text/writing.js';

/** Generation of text in the manner of the State of the Union addresses. */
export const generate = defineTask<typeof language, TextInput, TextDataset>({
  networks: [language],
  ...writing(6, reading.sampling),
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
  example: 'To pay attention is',
  multiline: true,
  presets,
  load: loadSotu,
  parse(text) {
    const prompt = beginningOf(text);
    return { text: prompt, symbols: [...prompt] };
  },
});
