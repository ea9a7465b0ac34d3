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
import { splitter, type Part } from './split.js';

export interface G2pOptions extends LoadOptions {
  /** Keep the stress digits of vowels. Default false, as published figures are without. */
  readonly stress?: boolean;
  /** Shares of the words, on average. Defaults 0.05 and 0.1. */
  readonly validationShare?: number;
  readonly testShare?: number;
}

const OPTIONS: OptionNames<G2pOptions> = { ...SHARE_OPTIONS, stress: true };

const PACKAGE = 'cmu-pronouncing-dictionary';
/** The one that package.json asks for: a page can't ask which is installed. */
const PACKAGE_VERSION = '3.0.0';

/**
 * Words and how they are said: the CMU Pronouncing Dictionary, about 126 thousand words of North American English.
 *
 * Words with the same letters (`cants`, `can'ts`, `cant's`) are always in the same part, so that no part holds the
 * spelling of another's word. What remains, as in published splits, is that `talk` and `talked` may be in two parts.
 *
 * @throws HeedError INVALID_ARGUMENT for a seed or shares out of range
 */
export async function loadG2p(options: G2pOptions): Promise<SequenceDataset> {
  checkOptions('loadG2p', options, OPTIONS);
  const { seed, stress = false, validationShare = 0.05, testShare = 0.1 } = options;
  const partOf = splitter(seed, { validation: validationShare, test: testShare });
  const { dictionary } = await import('cmu-pronouncing-dictionary');
  const entries = clean(dictionary, { stress });
  const parts: Record<Part, SequenceExample[]> = { train: [], validation: [], test: [] };
  for (const { word, pronunciations } of entries) {
    parts[partOf(word.replaceAll(/[^a-z]/g, ''))].push({ text: word, source: [...word], targets: pronunciations });
  }
  const identity = {
    task: 'g2p',
    version: `${PACKAGE}@${PACKAGE_VERSION} sha256:${fingerprint(entries.map(lineOf))}`,
    options: { seed, stress, validationShare, testShare },
    sourceSymbols: alphabet(entries.map(({ word }) => [...word])),
    targetSymbols: alphabet(entries.flatMap(({ pronunciations }) => pronunciations)),
  };
  return { ...identity, ...parts, describe: () => summarize(identity, parts) };
}

// More than twice as long as the longest word of the dictionary.
const LONGEST_WORD = 64;

/**
 * The letters of a word that somebody typed.
 *
 * @throws HeedError INVALID_ARGUMENT for text without a letter, with a character that the dictionary's words don't have, or
 *   longer than 64 characters
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
  parts: Readonly<Record<Part, readonly SequenceExample[]>>,
): DatasetSummary {
  const all = [...parts.train, ...parts.validation, ...parts.test];
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
      train: parts.train.length,
      validation: parts.validation.length,
      test: parts.test.length,
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
