import { checkOptions, type OptionNames } from '@heed/base';
import type { PackageReader } from '@heed/base';
import { SHARE_OPTIONS, type DatasetSummary, type LoadOptions } from '../dataset.js';
import { assertWhole } from '../options.js';
import { packageFiles } from '../package-files.js';
import { splitter, type Split } from '../split.js';
import { normalizeText } from './normalize.js';
import { PASSAGE, sharedPassages } from './passages.js';
import { fingerprint } from '../fingerprint.js';
import { alphabet, LICENCE, PACKAGE, PACKAGE_VERSION, URL, type TextDataset, type TextExample } from './text.js';
import { scoredWindows, trainingWindows } from './windows.js';

export interface SotuOptions extends LoadOptions {
  /** Length of a window in characters, from 2 to 65,536. Default 192. */
  readonly window?: number;
  /** Share of the speeches that are for validation, on average. Default 0.05. */
  readonly validationShare?: number;
  /** Share of the speeches that are for the test, on average. Default 0.1. */
  readonly testShare?: number;
}

const OPTIONS: OptionNames<SotuOptions> = { ...SHARE_OPTIONS, window: true };

// More than the length of most speeches.
const LONGEST_WINDOW = 65_536;

interface Speech {
  readonly key: string;
  readonly text: string;
}

/**
 * The State of the Union addresses, 233 speeches of 1790 to 2021, as windows of characters.
 *
 * A speech is in one split as a whole. Presidents quote each other, and themselves, at length. So a window of the validation and
 * test splits is left out when characters that it predicts belong to a passage that a training speech has too.
 *
 * Figures are per character. The first third of a window is only given, and the characters after it are predicted: so each
 * character is predicted once, from at least that many before it, or from all that are before it at the start of a speech.
 *
 * @throws HeedError DATA_MISSING without the package; INVALID_ARGUMENT for a seed, shares or window out of range
 */
export async function loadSotu(options: SotuOptions): Promise<TextDataset> {
  checkOptions('loadSotu', options, OPTIONS);
  const { seed, window = 192, validationShare = 0.05, testShare = 0.1 } = options;
  assertWhole('generate: window', window, 2, LONGEST_WINDOW);
  const splitOf = splitter(seed, { validation: validationShare, test: testShare });
  const speeches = await read(options.files);
  const texts: Record<Split, string[]> = { train: [], validation: [], test: [] };
  for (const { key, text } of speeches) texts[splitOf(key)].push(text);
  const splits = {
    train: texts.train.flatMap((text) => trainingWindows(text, window)),
    ...unseen(texts, window),
  };
  const identity = {
    task: 'generate',
    version: `${PACKAGE}@${PACKAGE_VERSION} sha256:${fingerprint(speeches.map(({ text }) => `${text}\n`))}`,
    options: { seed, window, validationShare, testShare },
    symbols: alphabet(speeches.map(({ text }) => text)),
  };
  return { ...identity, ...splits, describe: () => summarize(identity, texts, splits) };
}

async function read(files: PackageReader = packageFiles): Promise<Speech[]> {
  const file = await files(PACKAGE, PACKAGE_VERSION);
  const json = async (path: string): Promise<unknown> => JSON.parse(new TextDecoder().decode(await file(path)));
  const { resources } = (await json('sotu/datapackage.json')) as { resources: { format: string; path: string }[] };
  const paths = resources.filter(({ format }) => format === 'json').map(({ path }) => path.replace(/^\.\//, ''));
  return Promise.all(
    paths.toSorted().map(async (path) => {
      const { year, name, text } = (await json(`sotu/${path}`)) as { year: number; name: string; text: string };
      return { key: `${year} ${name}`, text: normalizeText(text) };
    }),
  );
}

/** Windows that predict no character of a passage that is in the training texts. */
function unseen(
  { train, validation, test }: Readonly<Record<Split, readonly string[]>>,
  window: number,
): Record<'validation' | 'test', TextExample[]> {
  const shared = sharedPassages([...validation, ...test], train);
  const windows = [...validation, ...test].map((text, n) =>
    scoredWindows(text, window, Math.floor(window / 3))
      .filter(({ example, start }) => {
        const end = start + example.symbols.length - example.context;
        return !shared[n].some((passage) => passage < end && passage + PASSAGE > start);
      })
      .map(({ example }) => example),
  );
  return { validation: windows.slice(0, validation.length).flat(), test: windows.slice(validation.length).flat() };
}

function summarize(
  { symbols, ...identity }: Pick<TextDataset, 'task' | 'version' | 'options' | 'symbols'>,
  texts: Readonly<Record<Split, readonly string[]>>,
  splits: Readonly<Record<Split, readonly TextExample[]>>,
): DatasetSummary {
  const scored = (examples: readonly TextExample[]): number =>
    examples.reduce((sum, example) => sum + example.symbols.length - example.context, 0);
  return {
    ...identity,
    alphabets: { text: symbols },
    title: 'State of the Union addresses',
    source: `${PACKAGE}/sotu`,
    url: URL,
    licence: LICENCE,
    counts: {
      speeches: texts.train.length + texts.validation.length + texts.test.length,
      trainSpeeches: texts.train.length,
      validationSpeeches: texts.validation.length,
      testSpeeches: texts.test.length,
      train: splits.train.length,
      validation: splits.validation.length,
      test: splits.test.length,
      trainCharacters: scored(splits.train),
      validationCharacters: scored(splits.validation),
      testCharacters: scored(splits.test),
    },
    notes: [
      'Curly quotes are made straight and long dashes two hyphens; letters lose their accents, other characters become a ' +
        'space, and runs of spaces one.',
      'A speech is put into its part by a hash of its year, its speaker and the seed, as a whole.',
      `Windows of the validation and test parts that predict something of a passage of ${PASSAGE} characters that a ` +
        'training speech has, too, are left out.',
      'The windows of a speech lie side by side in the training part; in the others each begins with a third that is ' +
        'only given, the end of the one before.',
      'Windows are cut anywhere: neither their beginning nor their end is predicted.',
    ],
  };
}
