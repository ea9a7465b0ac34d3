import { HeedError, type OptionNames } from '@heed/base';
import { commonWords } from '../classified.js';
import type { Dataset, DatasetSummary } from '../dataset.js';
import { assertWhole } from '../options.js';
import type { Split } from '../split.js';
import { checkCommon, checkOneOf } from './check-settings.js';
import { groupsOfTexts } from './groups.js';
import { MOST } from './label-text.js';
import { readLabels, shapeOfLabels, type InspectLabel, type LabelRows } from './labels-rows.js';
import { TABLE_FORMATS, type LabelsDataset, type LabelsSettings, type OwnFiles } from './own-data.js';
import { OwnLabel } from './own-label.js';
import { partsOf, type Parts } from './parts.js';
import { FilesReading, namesOf, sourceFiles, type OwnLoadOptions } from './source-files.js';
import { commonNotes, groupNote, OWN_LICENCE } from './summary-notes.js';

/** Names of all settings. */
export const LABELS_SETTINGS: OptionNames<LabelsSettings> = {
  seed: true,
  normalForm: true,
  validationShare: true,
  testShare: true,
  format: true,
  header: true,
  group: true,
  text: true,
  label: true,
  leastCount: true,
  mostSymbols: true,
  mostSentences: true,
  mostWords: true,
};

/**
 * Texts with labels that somebody brings: TSV, CSV or JSON Lines.
 *
 * Of texts with the same words one is kept, and none when they have different labels. Texts that differ only in case,
 * punctuation, digits and spaces, that are nearly the same, or that have the same value in the column `group` are in one part.
 * Every label has texts in the training part.
 *
 * @throws HeedError FILE_INVALID for what is wrong in a file, with its line; INVALID_ARGUMENT for settings out of range, a column
 *   that isn't there, fewer than two labels, a label that occurs once or only in a file for validation or test, and too little
 *   data for the parts; UNKNOWN_OPTION; the signal's reason
 */
export const loadLabels = (
  files: OwnFiles,
  settings: LabelsSettings,
  options: OwnLoadOptions = {},
): Promise<LabelsDataset> => inspectLabels(files, settings, options);

/** The same as `loadLabels`, with each text shown to an inspector when it is read. */
export async function inspectLabels(
  files: OwnFiles,
  settings: LabelsSettings,
  options: OwnLoadOptions,
  inspect?: InspectLabel,
): Promise<LabelsDataset> {
  const { shares, normalForm } = checkCommon('labels', { files, settings, names: LABELS_SETTINGS, options });
  const { seed, mostSymbols = 10_000, mostSentences = MOST, mostWords = MOST, group } = settings;
  checkOneOf('labels: format', settings.format, TABLE_FORMATS);
  assertWhole('labels: mostSymbols', mostSymbols, 1, 1_000_000);
  assertWhole('labels: mostSentences', mostSentences, 1, 10_000);
  assertWhole('labels: mostWords', mostWords, 1, 10_000);
  if (settings.leastCount !== undefined) assertWhole('labels: leastCount', settings.leastCount, 1, 1_000_000);

  const sources = sourceFiles(files);
  const shape = await shapeOfLabels(sources, settings);
  const reading = new FilesReading(sources, options);
  const cutting = { normalForm, mostSentences, mostWords };
  const rows = await readLabels(sources, shape, { ...settings, ...cutting }, reading, inspect);
  const classes = [...new Set(rows.labels)].toSorted();
  const groups = groupsOfTexts(rows.texts, rows.groups);
  const numbers = new Map(classes.map((label, n) => [label, n]));
  const parts = partsOf('labels', groups, {
    seed,
    ...shares,
    given: (n) => rows.parts[n],
    classOf: (n) => numbers.get(rows.labels[n])!,
  });
  const splits = splitsOf(rows, parts, cutting);
  assertLearnt(classes, splits.train);
  const leastCount =
    settings.leastCount ?? (splits.train.length >= MANY_TEXTS ? 3 : splits.train.length >= SOME_TEXTS ? 2 : 1);
  const identity = {
    task: 'labels',
    version: reading.version(),
    options: {
      seed,
      normalForm,
      validationShare: shares.validation,
      testShare: shares.test,
      format: shape.format,
      header: shape.header,
      text: shape.columns[0],
      label: shape.columns[1],
      ...(group !== undefined && { group }),
      leastCount,
      mostSymbols,
      mostSentences,
      mostWords,
    },
  };
  return {
    ...identity,
    classes,
    symbols: commonWords(splits.train, { least: leastCount, most: mostSymbols }),
    ...splits,
    describe: () =>
      summarize(identity, splits, {
        files: sources.map(({ file }) => file.name),
        classes,
        rows,
        parts,
        notes: [...commonNotes(normalForm), groupNote('Texts', groups.level, group)],
      }),
  };
}

// Words that fewer texts of a large part have are mostly names and typing errors; a small part can't spare them.
const MANY_TEXTS = 3000;
const SOME_TEXTS = 300;

function splitsOf(
  { texts, labels }: LabelRows,
  parts: Parts,
  cutting: ConstructorParameters<typeof OwnLabel>[2],
): Record<Split, OwnLabel[]> {
  const splits: Record<Split, OwnLabel[]> = { train: [], validation: [], test: [] };
  texts.forEach((text, n) => {
    const part = parts.of(n);
    if (part !== undefined) splits[part].push(new OwnLabel(text, labels[n], cutting));
  });
  return splits;
}

/** Refuses data of which a label lost all its training texts, as they were contradicted or are like those of other files. */
function assertLearnt(classes: readonly string[], train: readonly OwnLabel[]): void {
  const learnt = new Set(train.map(({ label }) => label));
  const lacking = classes.find((label) => !learnt.has(label));
  if (lacking === undefined && classes.length > 1) return;
  throw new HeedError('INVALID_ARGUMENT', {
    message:
      lacking === undefined
        ? 'labels: only one label has texts with words that no other label has'
        : `labels: no text is left to learn the label ${JSON.stringify(lacking)} from`,
    hint: 'texts with several labels, and those like a text of a file for validation or test, are left out',
    details: { label: lacking },
  });
}

interface LabelFacts {
  readonly files: readonly string[];
  readonly classes: readonly string[];
  readonly rows: LabelRows;
  readonly parts: Parts;
  readonly notes: readonly string[];
}

function summarize(
  identity: Pick<Dataset, 'task' | 'version' | 'options'>,
  splits: Readonly<Record<Split, readonly OwnLabel[]>>,
  { files, classes, rows, parts, notes }: LabelFacts,
): DatasetSummary {
  const all = [...splits.train, ...splits.validation, ...splits.test];
  const { options } = identity;
  return {
    ...identity,
    title: `Labels of ${namesOf(files)}`,
    source: namesOf(files),
    url: '',
    licence: OWN_LICENCE,
    counts: {
      rows: rows.counts.rows,
      blankLines: rows.counts.blank,
      duplicates: rows.counts.duplicates,
      contradictions: rows.counts.contradictions,
      wordless: rows.counts.wordless,
      texts: all.length,
      groups: parts.groups,
      largestGroup: parts.largestGroup,
      train: splits.train.length,
      validation: splits.validation.length,
      test: splits.test.length,
      leftOutOfTraining: rows.texts.length - all.length,
      ...Object.fromEntries(
        classes.map((label) => [`label ${label}`, all.filter((example) => example.label === label).length]),
      ),
    },
    alphabets: { output: classes },
    notes: [
      ...notes,
      `Of a text the first ${options['mostSentences']} sentences are read; one of more than ${options['mostWords']} words goes on as another.`,
      'Words are in small letters, and signs are words; addresses, links and numbers are one symbol each.',
      'Texts of the same words are one example; those that have several labels are left out, and so are texts without a word.',
      `The vocabulary is the words of at least ${options['leastCount']} texts of the training part, at most ${options['mostSymbols']}.`,
      'All groups of a label that training would lack are for training.',
    ],
  };
}
