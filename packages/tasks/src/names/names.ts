import { language } from '@heed/networks';
import { loadNames, type TextDataset } from '@heed/datasets';
import { defineTask } from '../define-task.js';
import type { TextInput } from '../text/answer.js';
import { writing } from '../text/writing.js';
import { presets } from './presets.js';
import { nameOf, reading } from './reading.js';

/** Invention of first names, letter by letter. */
export const names = defineTask<typeof language, TextInput, TextDataset>({
  networks: [language],
  ...writing(4, reading.sampling),
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
  example: 'kat',
  multiline: false,
  presets,
  load: loadNames,
  parse(text) {
    const name = nameOf(text);
    return { text: name, symbols: [...name] };
  },
});
