import { checkOptions } from '@heed/core';
import { loadLabels, type ClassifiedDataset, type LabelsSettings, LABELS_SETTINGS } from '@heed/datasets';
import { classifier } from '@heed/networks';
import { classifying, type ClassifierInput } from '../classification.js';
import { defineTask } from '../define-task.js';
import type { Task } from '../task.js';
import { filesOf, loading } from './files-wanted.js';
import type { OwnKind, TaskFiles } from './own-kind.js';
import { sentencesOf } from './labels-reading.js';
import { labelPresets } from './presets.js';
import { settingsFrom } from './settings.js';

/** Settings of a task of labelled texts, and the files of its data. */
export interface LabelsTaskOptions extends TaskFiles, Omit<LabelsSettings, 'seed'> {}

const { seed: _seed, ...SETTINGS } = LABELS_SETTINGS;

export type LabelsTask = Task<typeof classifier, ClassifierInput, ClassifiedDataset>;

/**
 * A task that is learnt from texts with labels in somebody's own files: each text has one of a few labels.
 *
 * @throws HeedError UNKNOWN_OPTION; INVALID_ARGUMENT for settings that are out of range
 */
export function defineLabels(options: LabelsTaskOptions): LabelsTask {
  const { data, validation, test, ...settings } = options;
  checkOptions('defineLabels', settings, SETTINGS);
  const files = { data, validation, test };
  return defineTask<typeof classifier, ClassifierInput, ClassifiedDataset>({
    networks: [classifier],
    ...classifying(),
    name: 'labels',
    title: 'Texts with labels',
    description:
      'Give a text, get the label that texts like it have in your files, and see which sentences, and which words in them, decided.',
    limits: [
      'It knows what its files show, and nothing else: of any text it says one of their labels.',
      'It was judged on texts of the same files, which are like those that it learnt from.',
    ],
    unit: 'texts',
    example: 'a text',
    multiline: true,
    presets: labelPresets,
    metrics: [
      { key: 'accuracy', label: 'accuracy', format: 'share', better: 'higher', meaning: 'texts told right' },
      { key: 'macroF1', label: 'macro F1', format: 'share', better: 'higher', meaning: 'mean of the F1 of each label' },
    ],
    async load(options) {
      const { seed, how } = loading('labels', options);
      return loadLabels(filesOf('labels', files), { ...settings, seed }, how);
    },
    parse: (text) => ({ text, sentences: sentencesOf(text, settings) }),
  });
}

/** Labelled texts as a kind of task. */
export const labels: OwnKind = {
  name: 'labels',
  title: 'Texts with labels',
  description: 'Texts, each with one of a few labels, in TSV, CSV or JSON Lines: a model tells the label of a text.',
  settings: Object.keys(SETTINGS),
  define: (files, settings) =>
    defineLabels({ ...settingsFrom<Omit<LabelsSettings, 'seed'>>('labels', settings, SETTINGS), ...files }),
};
