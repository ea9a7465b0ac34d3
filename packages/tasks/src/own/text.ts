import { HeedError, checkOptions } from '@heed/core';
import {
  cutInto,
  loadText,
  normalizeOwnText,
  type TextDataset,
  type TextSettings,
  TEXT_SETTINGS,
} from '@heed/datasets';
import { language, type LanguageModel } from '@heed/networks';
import { defineTask } from '../define-task.js';
import type { AnswerOptions, Task } from '../task.js';
import type { TextInput } from '../text/answer.js';
import { assertLength } from '../text/assert-length.js';
import { writing } from '../text/writing.js';
import { filesOf, loading } from './files-wanted.js';
import type { OwnKind, TaskFiles } from './own-kind.js';
import { textPresets } from './presets.js';
import { settingsFrom } from './settings.js';

/** Settings of a task of plain text, and the files of its data. */
export interface TextTaskOptions extends TaskFiles, Omit<TextSettings, 'seed'> {}

const { seed: _seed, ...SETTINGS } = TEXT_SETTINGS;

export type TextTask = Task<typeof language, TextInput, TextDataset>;

// As of the built-in writer: a model looks back no further than its window.
const LONGEST = 1000;
/** Stands for what was too rare to be learnt. */
const REPLACEMENT = '\uFFFD';

const common = writing(6, { length: 200, temperature: 0.7 });

/**
 * A task that is learnt from plain text in somebody's own files: a model writes on, character by character.
 *
 * @throws HeedError UNKNOWN_OPTION; INVALID_ARGUMENT for settings that are out of range
 */
export function defineText(options: TextTaskOptions): TextTask {
  const { data, validation, test, ...settings } = options;
  checkOptions('defineText', settings, SETTINGS);
  const files = { data, validation, test };
  return defineTask<typeof language, TextInput, TextDataset>({
    networks: [language],
    ...common,
    name: 'text',
    title: 'Plain text',
    description:
      'Begin a text, and it is written on, character by character, in the manner of your files; the maps show which characters each was made of.',
    limits: [
      'It writes in the manner of its files; a sentence seldom means anything, and nothing in it is a fact.',
      'What it writes may be parts of its files, word by word.',
    ],
    unit: 'windows',
    example: 'The ',
    multiline: true,
    presets: textPresets,
    load(options) {
      const { seed, how } = loading('text', options);
      return loadText(filesOf('text', files), { ...settings, seed }, how);
    },
    parse(text) {
      const prompt = normalizeOwnText(text, settings);
      assertLength('text', prompt, LONGEST);
      return { text: prompt, symbols: cutInto('characters', prompt) };
    },
    answer: (model, inputs, given) => answer(model, inputs, given),
  });
}

/**
 * Answers of a model to prompts, in which characters that it doesn't know are those that were too rare to be learnt.
 *
 * @throws HeedError INVALID_ARGUMENT where it learnt none of these
 */
function answer(model: LanguageModel, inputs: readonly TextInput[], options: AnswerOptions = {}) {
  const known = new Set(model.config.symbols);
  const readable = inputs.map(({ text, symbols }): TextInput => {
    const strange = symbols.find((symbol) => !known.has(symbol));
    if (strange === undefined) return { text, symbols };
    if (known.has(REPLACEMENT)) {
      return { text, symbols: symbols.map((symbol) => (known.has(symbol) ? symbol : REPLACEMENT)) };
    }
    throw new HeedError('INVALID_ARGUMENT', {
      message: `text: the text has the character ${JSON.stringify(strange)}, which the model never read`,
      hint: `it knows ${known.size} characters: ${[...known].slice(0, 100).join(' ')}`,
      details: { text, character: strange },
    });
  });
  return common.answer(model, readable, options);
}

/** Plain text as a kind of task. */
export const text: OwnKind = {
  name: 'text',
  title: 'Plain text',
  description: 'Documents of plain text, one a file or with blank lines between them: a model writes on.',
  settings: Object.keys(SETTINGS),
  define: (files, settings) =>
    defineText({ ...settingsFrom<Omit<TextSettings, 'seed'>>('text', settings, SETTINGS), ...files }),
};
