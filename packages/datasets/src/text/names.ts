import { checkOptions, type OptionNames } from '@heed/base';
import { SHARE_OPTIONS, type DatasetSummary, type LoadOptions } from '../dataset.js';
import { packageFiles } from '../package-files.js';
import { splitter, type Split } from '../split.js';
import { fingerprint } from '../fingerprint.js';
import { alphabet, LICENCE, PACKAGE, PACKAGE_VERSION, URL, type TextDataset, type TextExample } from './text.js';

export interface NamesOptions extends LoadOptions {
  /** Share of the names that are for validation, on average. Default 0.05. */
  readonly validationShare?: number;
  /** Share of the names that are for the test, on average. Default 0.1. */
  readonly testShare?: number;
}

const OPTIONS: OptionNames<NamesOptions> = { ...SHARE_OPTIONS };

const LISTS = ['female-first-names-en', 'male-first-names-en'] as const;

/**
 * First names of English-speaking countries, about 8,400, in lower case.
 *
 * A name that is in both lists is one example. Similar names such as `ann` and `anne` may be in two splits.
 *
 * @throws HeedError DATA_MISSING without the package; INVALID_ARGUMENT for a seed or shares out of range
 */
export async function loadNames(options: NamesOptions): Promise<TextDataset> {
  checkOptions('loadNames', options, OPTIONS);
  const { seed, validationShare = 0.05, testShare = 0.1 } = options;
  const splitOf = splitter(seed, { validation: validationShare, test: testShare });
  const file = await (options.files ?? packageFiles)(PACKAGE, PACKAGE_VERSION);
  const lists = await Promise.all(
    LISTS.map(async (list) => JSON.parse(new TextDecoder().decode(await file(`${list}/data/names.json`))) as string[]),
  );
  const names = [...new Set(lists.flat().map((name) => name.toLowerCase()))].toSorted();
  const splits: Record<Split, TextExample[]> = { train: [], validation: [], test: [] };
  for (const name of names) splits[splitOf(name)].push({ text: name, symbols: [...name], context: 0, ends: true });
  const identity = {
    task: 'names',
    version: `${PACKAGE}@${PACKAGE_VERSION} sha256:${fingerprint(names.map((name) => `${name}\n`))}`,
    options: { seed, validationShare, testShare },
    symbols: alphabet(names),
  };
  return { ...identity, ...splits, describe: () => summarize(identity, splits) };
}

function summarize(
  { symbols, ...identity }: Pick<TextDataset, 'task' | 'version' | 'options' | 'symbols'>,
  splits: Readonly<Record<Split, readonly TextExample[]>>,
): DatasetSummary {
  const all = [...splits.train, ...splits.validation, ...splits.test];
  return {
    ...identity,
    alphabets: { text: symbols },
    title: 'First names (Moby Word II)',
    source: LISTS.map((list) => `${PACKAGE}/${list}`).join(', '),
    url: URL,
    licence: LICENCE,
    counts: {
      names: all.length,
      train: splits.train.length,
      validation: splits.validation.length,
      test: splits.test.length,
      longest: all.reduce((longest, example) => Math.max(longest, example.symbols.length), 0),
    },
    notes: [
      'Names are in lower case; one that is given to women and to men is one example.',
      'A name is put into its part by a hash of it and the seed.',
      'The end of a name is predicted like a character.',
    ],
  };
}
