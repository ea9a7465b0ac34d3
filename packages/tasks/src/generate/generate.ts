import { language } from '@heed/networks';
import { HeedError } from '@heed/core';
import { loadSotu, normalizeText, strangeCharacter, type TextDataset } from '@heed/datasets';
import { defineTask } from '../define-task.js';
import type { TextInput } from '../text/answer.js';
import { assertLength } from '../text/assert-length.js';
import { presets } from './presets.js';
import { writing } from '../text/writing.js';

// Greatest length of a prompt. A model looks back no further than its window, but time and memory for the maps grow with the
// square of the whole length.
const LONGEST = 1000;

/** Generation of text in the manner of the State of the Union addresses. */
export const generate = defineTask<typeof language, TextInput, TextDataset>({
  networks: [language],
  ...writing(6, { length: 200, temperature: 0.7 }),
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
    const strange = strangeCharacter(text);
    if (strange !== undefined) {
      throw new HeedError('INVALID_ARGUMENT', {
        message: `generate: the text has the character ${JSON.stringify(strange)}`,
        hint: `letters a to z, digits, space and . , ; : ' " $ ! ? ( ) [ ] / % & -`,
        details: { text, character: strange },
      });
    }
    const normal = normalizeText(text);
    // A space at the end is kept: it says that a new word begins.
    const prompt = normal !== '' && /\s$/.test(text) ? `${normal} ` : normal;
    assertLength('generate', prompt, LONGEST);
    return { text: prompt, symbols: [...prompt] };
  },
});
