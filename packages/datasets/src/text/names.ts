import { checkOptions, type OptionNames } from '@heed/base';
import { SHARE_OPTIONS, type DatasetSummary, type LoadOptions } from '../dataset.js';
import { packageFiles } from '../package-files.js';
import { splitter, type Part } from '../split.js';
import { fingerprint } from '../fingerprint.js';
import { alphabet, LICENCE, PACKAGE, PACKAGE_VERSION, URL, type TextDataset, type TextExample } from './text.js';

export interface NamesOptions extends LoadOptions {
  /** Shares of the names, on average. Defaults 0.05 and 0.1. */
  readonly validationShare?: number;
  readonly testShare?: number;
}

const OPTIONS: OptionNames<NamesOptions> = { ...SHARE_OPTIONS };

const LISTS = ['female-first-names-en', 'male-first-names-en'] as const;

/**
 * First names of English-speaking countries, about 8,400, in lower case.
 *
 * A name that is in both lists is one example, in one part. What remains is that `ann` and `anne` may be in two.
 *
 * @throws HeedError DATA_MISSING without the package; INVALID_ARGUMENT for a seed or shares out of range
 */
export async function loadNames(options: NamesOptions): Promise<TextDataset> {
  checkOptions('loadNames', options, OPTIONS);
  const { seed, validationShare = 0.05, testShare = 0.1 } = options;
  const partOf = splitter(seed, { validation: validationShare, test: testShare });
  const file = await (options.files ?? packageFiles)(PACKAGE, PACKAGE_VERSION);
  const lists = await Promise.all(
    LISTS.map(async (list) => JSON.parse(new TextDecoder().decode(await file(`${list}/data/names.json`))) as string[]),
  );
  const names = [...new Set(lists.flat().map((name) => name.toLowerCase()))].toSorted();
  const parts: Record<Part, TextExample[]> = { train: [], validation: [], test: [] };
  for (const name of names) parts[partOf(name)].push({ text: name, symbols: [...name], context: 0, ends: true });
  const identity = {
    task: 'names',
    version: `${PACKAGE}@${PACKAGE_VERSION} sha256:${fingerprint(names.map((name) => `${name}\n`))}`,
    options: { seed, validationShare, testShare },
    symbols: alphabet(names),
  };
  return { ...identity, ...parts, describe: () => summarize(identity, parts) };
}

function summarize(
  { symbols, ...identity }: Pick<TextDataset, 'task' | 'version' | 'options' | 'symbols'>,
  parts: Readonly<Record<Part, readonly TextExample[]>>,
): DatasetSummary {
  const all = [...parts.train, ...parts.validation, ...parts.test];
  return {
    ...identity,
    alphabets: { text: symbols },
    title: 'First names (Moby Word II)',
    source: LISTS.map((list) => `${PACKAGE}/${list}`).join(', '),
    url: URL,
    licence: LICENCE,
    counts: {
      names: all.length,
      train: parts.train.length,
      validation: parts.validation.length,
      test: parts.test.length,
      longest: all.reduce((longest, example) => Math.max(longest, example.symbols.length), 0),
    },
    notes: [
      'Names are in lower case; one that is given to women and to men is one example.',
      'A name is put into its part by a hash of it and the seed.',
      'The end of a name is predicted like a character.',
    ],
  };
}
