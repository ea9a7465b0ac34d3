import { DOCUMENTS, NORMAL_FORMS, PAIR_FORMATS, TABLE_FORMATS, UNITS } from '@heed/datasets/settings';

/** Settings of data that are typed: names or numbers of columns. */
export const COLUMNS = ['source', 'target', 'text', 'label', 'group'] as const;

/** Settings that are chosen among a few, by name. */
export const CHOICES = {
  sourceUnit: UNITS,
  targetUnit: UNITS,
  documents: DOCUMENTS,
  format: PAIR_FORMATS,
  normalForm: NORMAL_FORMS,
} as const;

/** Every value that any of them may have. */
export type Choice = (typeof CHOICES)[keyof typeof CHOICES][number];

/** The values of a setting for a kind of data: only pairs may be in parallel files. */
export const choicesOf = (name: keyof typeof CHOICES, task: string): readonly Choice[] =>
  name === 'format' && task !== 'pairs' ? TABLE_FORMATS : CHOICES[name];
