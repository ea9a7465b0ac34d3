import { language } from '@heed/networks';
import { HeedError } from '@heed/core';
import { loadNames, type TextDataset } from '@heed/datasets';
import { defineTask } from '../define-task.js';
import type { TextInput } from '../text/answer.js';
import { assertLength } from '../text/assert-length.js';
import { writing } from '../text/writing.js';
import { presets } from './presets.js';

// Greatest length of a prompt: four times that of the longest name of the data.
const LONGEST = 64;

/** Invention of first names, letter by letter. */
export const names = defineTask<typeof language, TextInput, TextDataset>({
  networks: [language],
  ...writing(4, { length: 20 }),
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
    const name = text.trim().toLowerCase();
    assertLength('names', name, LONGEST);
    const strange = [...name].find((character) => !/[a-z-]/.test(character));
    if (strange === undefined) return { text: name, symbols: [...name] };
    throw new HeedError('INVALID_ARGUMENT', {
      message: `names: ${JSON.stringify(name)} has the character ${JSON.stringify(strange)}`,
      hint: 'a name is made of the letters a to z and the hyphen',
      details: { text, character: strange },
    });
  },
});
