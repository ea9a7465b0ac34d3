import { HeedError, checkOptions, type OptionNames } from '@heed/base';
import { fingerprint } from './fingerprint.js';
import { clean, WORD, type Entry } from './cmudict.js';
import {
  SHARE_OPTIONS,
  type DatasetSummary,
  type LoadOptions,
  type SequenceDataset,
  type SequenceExample,
} from './dataset.js';
import { assertLength } from './options.js';
import { splitter, type Split } from './split.js';

export interface G2pOptions extends LoadOptions {
  /** Whether vowels keep their stress digits. Default false, as in published results. */
  readonly stress?: boolean;
  /** Share of the words that are for validation, on average. Default 0.05. */
  readonly validationShare?: number;
  /** Share of the words that are for the test, on average. Default 0.1. */
  readonly testShare?: number;
}

const OPTIONS: OptionNames<G2pOptions> = { ...SHARE_OPTIONS, stress: true };

const PACKAGE = 'cmu-pronouncing-dictionary';
/** Version of the dictionary's package, as in package.json: a page can't find out which one is installed. */
const PACKAGE_VERSION = '3.0.0';

/**
 * Words with their pronunciations: the CMU Pronouncing Dictionary, about 126 thousand words of North American English.
 *
 * Words with the same letters (`cants`, `can'ts`, `cant's`) are always in the same split, so that no spelling is in two splits.
 * As in published splits, related words such as `talk` and `talked` may be in two splits.
 *
 * @throws HeedError INVALID_ARGUMENT for a seed or shares out of range
 */
export async function loadG2p(options: G2pOptions): Promise<SequenceDataset> {
  checkOptions('loadG2p', options, OPTIONS);
  const { seed, stress = false, validationShare = 0.05, testShare = 0.1 } = options;
  const splitOf = splitter(seed, { validation: validationShare, test: testShare });
  const { dictionary } = await import('cmu-pronouncing-dictionary');
  const entries = clean(dictionary, { stress });
  const splits: Record<Split, SequenceExample[]> = { train: [], validation: [], test: [] };
  for (const { word, pronunciations } of entries) {
    splits[splitOf(word.replaceAll(/[^a-z]/g, ''))].push({ text: word, source: [...word], targets: pronunciations });
  }
  const identity = {
    task: 'g2p',
    version: `${PACKAGE}@${PACKAGE_VERSION} sha256:${fingerprint(entries.map(lineOf))}`,
    options: { seed, stress, validationShare, testShare },
    sourceSymbols: alphabet(entries.map(({ word }) => [...word])),
    targetSymbols: alphabet(entries.flatMap(({ pronunciations }) => pronunciations)),
  };
  return { ...identity, ...splits, describe: () => summarize(identity, splits) };
}

// Limit in letters: more than twice the length of the dictionary's longest word.
const LONGEST_WORD = 64;

/**
 * Letters of a word that somebody typed.
 *
 * @throws HeedError INVALID_ARGUMENT for text without a letter, with a character that the dictionary's words don't have, or with
 *   more than 64 characters
 */
export function parseWord(text: string): string[] {
  const word = text.trim().toLowerCase();
  assertLength('g2p', word, LONGEST_WORD, `a word has at most ${LONGEST_WORD}; give one word at a time`);
  const strange = [...word].find((character) => !/[a-z'.-]/.test(character));
  if (strange !== undefined) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `g2p: ${JSON.stringify(word)} has the character ${JSON.stringify(strange)}`,
      hint: 'a word is made of the letters a to z, apostrophe, hyphen and full stop; give one word at a time',
      details: { text, character: strange },
    });
  }
  if (!WORD.test(word)) {
    throw new HeedError('INVALID_ARGUMENT', { message: `g2p: ${JSON.stringify(text)} has no letter` });
  }
  return [...word];
}

function summarize(
  identity: Pick<SequenceDataset, 'task' | 'version' | 'options' | 'sourceSymbols' | 'targetSymbols'>,
  splits: Readonly<Record<Split, readonly SequenceExample[]>>,
): DatasetSummary {
  const all = [...splits.train, ...splits.validation, ...splits.test];
  const { sourceSymbols, targetSymbols, ...named } = identity;
  return {
    ...named,
    alphabets: { input: sourceSymbols, output: targetSymbols },
    title: 'CMU Pronouncing Dictionary',
    source: PACKAGE,
    url: 'https://github.com/cmusphinx/cmudict',
    licence: 'ISC (package); BSD-2-Clause, © Carnegie Mellon University (dictionary)',
    counts: {
      words: all.length,
      pronunciations: all.reduce((sum, { targets }) => sum + targets.length, 0),
      wordsWithVariants: all.filter(({ targets }) => targets.length > 1).length,
      train: splits.train.length,
      validation: splits.validation.length,
      test: splits.test.length,
      longestSource: all.reduce((longest, { source }) => Math.max(longest, source.length), 0),
      longestTarget: all.reduce((longest, { targets }) => Math.max(longest, ...targets.map((t) => t.length)), 0),
    },
    notes: [
      identity.options['stress'] === true ? 'Vowels carry their stress digit.' : 'Stress digits are removed.',
      'Variants of a word are one example with several right answers; those that differ in nothing that is kept are one.',
      'Comments are removed, and entries with other characters than a to z, apostrophe, hyphen and full stop left out.',
      'A word is put into its part by a hash of its letters and the seed, so words with the same letters stay together.',
    ],
  };
}

const alphabet = (sequences: readonly (readonly string[])[]): string[] => [...new Set(sequences.flat())].toSorted();

const lineOf = ({ word, pronunciations }: Entry): string =>
  `${word}\t${pronunciations.map((phonemes) => phonemes.join(' ')).join('\t')}\n`;
