import { checkOptions } from '@heed/core';
import { cutInto, loadText, type TextDataset, type TextSettings, TEXT_SETTINGS } from '@heed/datasets';
import { language, type LanguageModel } from '@heed/networks';
import { defineTask } from '../define-task.js';
import type { AnswerOptions, Task } from '../task.js';
import type { TextInput } from '../text/answer.js';
import { writing } from '../text/writing.js';
import { filesOf, loading } from './files-wanted.js';
import type { OwnKind, TaskFiles } from './own-kind.js';
import { textPresets } from './presets.js';
import { settingsFrom } from './settings.js';
import { promptOf, readable, reading } from './text-reading.js';

/** Settings of a task of plain text, and the files of its data. */
export interface TextTaskOptions extends TaskFiles, Omit<TextSettings, 'seed'> {}

const { seed: _seed, ...SETTINGS } = TEXT_SETTINGS;

export type TextTask = Task<typeof language, TextInput, TextDataset>;

const common = writing(6, reading.sampling);

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
    async load(options) {
      const { seed, how } = loading('text', options);
      return loadText(filesOf('text', files), { ...settings, seed }, how);
    },
    parse(text) {
      const prompt = promptOf(text, settings);
      return { text: prompt, symbols: cutInto('characters', prompt) };
    },
    answer: (model, inputs, given) => answer(model, inputs, given),
  });
}

/** Answers of a model to prompts, in symbols that it knows. */
function answer(model: LanguageModel, inputs: readonly TextInput[], options: AnswerOptions = {}) {
  const read = inputs.map(({ text, symbols }) => ({ text, symbols: readable(text, symbols, model.config.symbols) }));
  return common.answer(model, read, options);
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
