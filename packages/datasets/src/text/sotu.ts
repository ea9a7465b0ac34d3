import { checkOptions, type OptionNames } from '@heed/base';
import type { PackageReader } from '@heed/base';
import { SHARE_OPTIONS, type DatasetSummary, type LoadOptions } from '../dataset.js';
import { assertWhole } from '../options.js';
import { packageFiles } from '../package-files.js';
import { splitter, type Part } from '../split.js';
import { normalizeText } from './normalize.js';
import { PASSAGE, sharedPassages } from './passages.js';
import { fingerprint } from '../fingerprint.js';
import { alphabet, LICENCE, PACKAGE, PACKAGE_VERSION, URL, type TextDataset, type TextExample } from './text.js';
import { scoredWindows, trainingWindows } from './windows.js';

export interface SotuOptions extends LoadOptions {
  /** Characters of a window, from 2 to 65,536. Default 192. */
  readonly window?: number;
  /** Shares of the speeches, on average. Defaults 0.05 and 0.1. */
  readonly validationShare?: number;
  readonly testShare?: number;
}

const OPTIONS: OptionNames<SotuOptions> = { ...SHARE_OPTIONS, window: true };

// Longer than most speeches.
const LONGEST_WINDOW = 65_536;

interface Speech {
  readonly key: string;
  readonly text: string;
}

/**
 * The State of the Union addresses, 233 speeches of 1790 to 2021, as windows of characters.
 *
 * A speech is in one part as a whole. Presidents quote each other, and repeat themselves, at length, so windows of the
 * validation and test parts whose characters are part of a passage that a training speech has, too, are left out.
 *
 * Figures are per character: those of a window after its first third, which is only given. So each is predicted once,
 * from at least that many, or from all that there are at the beginning of a speech.
 *
 * @throws HeedError DATA_MISSING without the package; INVALID_ARGUMENT for a seed, shares or window out of range
 */
export async function loadSotu(options: SotuOptions): Promise<TextDataset> {
  checkOptions('loadSotu', options, OPTIONS);
  const { seed, window = 192, validationShare = 0.05, testShare = 0.1 } = options;
  assertWhole('generate: window', window, 2, LONGEST_WINDOW);
  const partOf = splitter(seed, { validation: validationShare, test: testShare });
  const speeches = await read(options.files);
  const texts: Record<Part, string[]> = { train: [], validation: [], test: [] };
  for (const { key, text } of speeches) texts[partOf(key)].push(text);
  const parts = {
    train: texts.train.flatMap((text) => trainingWindows(text, window)),
    ...unseen(texts, window),
  };
  const identity = {
    task: 'generate',
    version: `${PACKAGE}@${PACKAGE_VERSION} sha256:${fingerprint(speeches.map(({ text }) => `${text}\n`))}`,
    options: { seed, window, validationShare, testShare },
    symbols: alphabet(speeches.map(({ text }) => text)),
  };
  return { ...identity, ...parts, describe: () => summarize(identity, texts, parts) };
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

/** Windows without those that hold, among what they predict, something of a passage that is in the training texts. */
function unseen(
  { train, validation, test }: Readonly<Record<Part, readonly string[]>>,
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
  texts: Readonly<Record<Part, readonly string[]>>,
  parts: Readonly<Record<Part, readonly TextExample[]>>,
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
      train: parts.train.length,
      validation: parts.validation.length,
      test: parts.test.length,
      trainCharacters: scored(parts.train),
      validationCharacters: scored(parts.validation),
      testCharacters: scored(parts.test),
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
