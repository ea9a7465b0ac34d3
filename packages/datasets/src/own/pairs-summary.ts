import type { Dataset, DatasetSummary } from '../dataset.js';
import type { Split } from '../split.js';
import type { Level } from './likeness.js';
import type { PairExample, PairsDataset } from './own-data.js';
import type { Sides } from './own-pair.js';
import type { PairCounts } from './pairs-rows.js';
import { commonNotes, groupNote, OWN_LICENCE, shortAlphabet } from './summary-notes.js';
import { namesOf } from './source-files.js';

/** Facts of the summary that can't be counted in the parts. */
export interface PairsFacts {
  readonly files: readonly string[];
  readonly counts: PairCounts;
  readonly groups: number;
  readonly largestGroup: number;
  readonly level: Level;
  /** Number of sources that are left out of training since a file for validation or test has their like. */
  readonly leftOut: number;
  /** Number of training sources that are left out for their length. */
  readonly tooLong: number;
  readonly reasons: readonly string[];
}

/** Summary of pairs that somebody brought. */
export function summarizePairs(
  identity: Pick<Dataset, 'task' | 'version'> & Pick<PairsDataset, 'options'>,
  splits: Readonly<Record<Split, readonly PairExample[]>>,
  { source, target }: Sides,
  facts: PairsFacts,
): DatasetSummary {
  const { counts } = facts;
  const all = [...splits.train, ...splits.validation, ...splits.test];
  const held = [...splits.validation, ...splits.test];
  return {
    ...identity,
    title: `Pairs of ${namesOf(facts.files)}`,
    source: namesOf(facts.files),
    url: '',
    licence: OWN_LICENCE,
    counts: {
      rows: counts.rows,
      blankLines: counts.blank,
      duplicates: counts.duplicates,
      sources: all.length,
      targets: all.reduce((sum, { references }) => sum + references.length, 0),
      sourcesWithSeveralTargets: all.filter(({ references }) => references.length > 1).length,
      groups: facts.groups,
      largestGroup: facts.largestGroup,
      train: splits.train.length,
      validation: splits.validation.length,
      test: splits.test.length,
      sourceSymbols: source.symbols.length,
      targetSymbols: target.symbols.length,
      leftOutOfTraining: facts.leftOut,
      tooLongForTraining: facts.tooLong,
      heldOutWithUnknownSource: held.filter(({ text }) => source.hasUnknown(text)).length,
      heldOutWithUnknownTarget: held.filter(({ references }) => references.every((text) => target.hasUnknown(text)))
        .length,
    },
    alphabets: {
      ...shortAlphabet('input', source.symbols),
      ...shortAlphabet('output', target.symbols),
    },
    notes: [
      ...commonNotes(identity.options.normalForm),
      'White space of any kind and length is one space in a pair, and none is at its ends.',
      'Rows with the same source are one example with several right targets, in the order of the rows; equal ones count once.',
      ...facts.reasons,
      'Symbols are those of the training part: of one with 1,000 texts or more without those that it has once, and of pieces, those learnt from it. Any other unit is <unk>; a target with one can never be right, and counts.',
      `Sources and targets of more than ${identity.options.longest} units are left out of training, and not of validation and test.`,
      groupNote('Sources', facts.level, identity.options.group),
      ...(facts.leftOut > 0 ? ['Training leaves out what is like a source of the files for validation or test.'] : []),
    ],
  };
}
