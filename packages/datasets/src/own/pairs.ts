import type { OptionNames } from '@heed/base';
import type { Dataset } from '../dataset.js';
import { assertWhole } from '../options.js';
import type { Shares, Split } from '../split.js';
import { chooseUnit } from './choose-unit.js';
import { groupsOfTexts } from './groups.js';
import { checkCommon, checkOneOf } from './check-settings.js';
import { defaultLongest, learnable } from './longest.js';
import {
  PAIR_FORMATS,
  UNITS,
  type NormalForm,
  type OwnFiles,
  type PairExample,
  type PairsDataset,
  type PairsSettings,
} from './own-data.js';
import { OwnPair } from './own-pair.js';
import { readPairs, shapeOfPairs, type InspectPair, type PairRows } from './pairs-rows.js';
import { summarizePairs } from './pairs-summary.js';
import { partsOf } from './parts.js';
import { learnSide } from './side.js';
import { FilesReading, sourceFiles, type OwnLoadOptions } from './source-files.js';

/** Names of all settings. */
export const PAIRS_SETTINGS: OptionNames<PairsSettings> = {
  seed: true,
  normalForm: true,
  validationShare: true,
  testShare: true,
  format: true,
  header: true,
  group: true,
  source: true,
  target: true,
  sourceUnit: true,
  targetUnit: true,
  merges: true,
  longest: true,
};

// More than any data have of use.
const MOST_MERGES = 100_000;
/** Greatest length to learn from that may be set, in units: a network goes through one after another. */
const MOST_LONGEST = 65_536;

/**
 * Pairs of texts that somebody brings: TSV, CSV, JSON Lines, or parallel files.
 *
 * Sources that are equal when tidy are one example with several targets. Sources that differ only in case, punctuation, digits
 * and spaces, that are nearly the same, or that have the same value in the column `group` are in one part. Units and symbols are
 * learnt from the training part.
 *
 * @throws HeedError FILE_INVALID for what is wrong in a file, with its line; INVALID_ARGUMENT for settings out of range, a column
 *   that isn't there, and too little data for the parts; UNKNOWN_OPTION; the signal's reason
 */
export const loadPairs = (
  files: OwnFiles,
  settings: PairsSettings,
  options: OwnLoadOptions = {},
): Promise<PairsDataset> => inspectPairs(files, settings, options);

/** The same as `loadPairs`, with each row shown to an inspector when it is read. */
export async function inspectPairs(
  files: OwnFiles,
  settings: PairsSettings,
  options: OwnLoadOptions,
  inspect?: InspectPair,
): Promise<PairsDataset> {
  const { shares, normalForm } = checkCommon('pairs', { files, settings, names: PAIRS_SETTINGS, options });
  const { merges = 2000, longest: given } = settings;
  checkOneOf('pairs: format', settings.format, PAIR_FORMATS);
  checkOneOf('pairs: sourceUnit', settings.sourceUnit, UNITS);
  checkOneOf('pairs: targetUnit', settings.targetUnit, UNITS);
  assertWhole('pairs: merges', merges, 0, MOST_MERGES);
  if (given !== undefined) assertWhole('pairs: longest', given, 1, MOST_LONGEST);

  const sources = sourceFiles(files);
  const shape = await shapeOfPairs(sources, settings);
  const reading = new FilesReading(sources, options);
  const rows = await readPairs(sources, shape, normalForm, reading, inspect);
  return datasetOf(rows, {
    version: reading.version(),
    files: sources.map(({ file }) => file.name),
    settings,
    shares,
    normalForm,
    merges,
    columns: {
      format: shape.format,
      header: shape.header,
      source: shape.columns[0],
      target: shape.columns[1],
      ...(settings.group !== undefined && { group: settings.group }),
    },
  });
}

/** All that is known before the pairs are put into parts. */
interface PairFacts {
  readonly version: string;
  readonly files: readonly string[];
  readonly settings: PairsSettings;
  readonly shares: Shares;
  readonly normalForm: NormalForm;
  readonly merges: number;
  readonly columns: Pick<PairsDataset['options'], 'format' | 'header' | 'source' | 'target' | 'group'>;
}

function datasetOf(rows: PairRows, facts: PairFacts): PairsDataset {
  const { settings, shares, normalForm, merges, columns } = facts;
  const { seed } = settings;
  const groups = groupsOfTexts(rows.sources, rows.groups);
  const parts = partsOf('pairs', groups, { seed, ...shares, given: (n) => rows.parts[n] });
  const texts: Record<Split, { text: string; references: readonly string[] }[]> = {
    train: [],
    validation: [],
    test: [],
  };
  let leftOut = 0;
  rows.sources.forEach((text, n) => {
    const part = parts.of(n);
    if (part === undefined) leftOut++;
    else texts[part].push({ text, references: rows.targets[n] });
  });
  const held = [...texts.validation, ...texts.test];
  const training = {
    source: texts.train.map(({ text }) => text),
    target: texts.train.flatMap(({ references }) => references),
  };
  const chosen = {
    source: settings.sourceUnit === undefined ? chooseUnit('Sources', training.source) : undefined,
    target: settings.targetUnit === undefined ? chooseUnit('Targets', training.target) : undefined,
  };
  const sourceUnit = settings.sourceUnit ?? chosen.source!.unit;
  const targetUnit = settings.targetUnit ?? chosen.target!.unit;
  const sides = {
    source: learnSide(
      sourceUnit,
      training.source,
      held.map(({ text }) => text),
      merges,
    ),
    target: learnSide(
      targetUnit,
      training.target,
      held.flatMap(({ references }) => references),
      merges,
    ),
  };
  const longest = settings.longest ?? defaultLongest(texts.train, sides);
  const toExample = ({ text, references }: { text: string; references: readonly string[] }): PairExample =>
    new OwnPair(text, references, sides);
  const learnt = texts.train.flatMap((pair) => learnable(pair, sides, longest) ?? []);
  const splits = {
    train: learnt.map(toExample),
    validation: texts.validation.map(toExample),
    test: texts.test.map(toExample),
  };
  const identity: Pick<Dataset, 'task' | 'version'> & Pick<PairsDataset, 'options'> = {
    task: 'pairs',
    version: facts.version,
    options: {
      seed,
      normalForm,
      validationShare: shares.validation,
      testShare: shares.test,
      ...columns,
      sourceUnit,
      targetUnit,
      merges,
      longest,
    },
  };
  return {
    ...identity,
    sourceSymbols: sides.source.symbols,
    targetSymbols: sides.target.symbols,
    ...splits,
    describe: () =>
      summarizePairs(identity, splits, sides, {
        files: facts.files,
        counts: rows.counts,
        groups: parts.groups,
        largestGroup: parts.largestGroup,
        level: groups.level,
        leftOut,
        tooLong: texts.train.length - learnt.length,
        reasons: [chosen.source?.reason, chosen.target?.reason].flatMap((reason) => reason ?? []),
      }),
  };
}
