import { HeedError, type OptionNames } from '@heed/base';
import type { Dataset, DatasetSummary } from '../dataset.js';
import { fingerprint } from '../fingerprint.js';
import { assertWhole } from '../options.js';
import type { Split } from '../split.js';
import { PASSAGE, sharedPassages } from '../text/passages.js';
import { scoredRanges, trainingRanges, type WindowRange } from '../text/windows.js';
import { checkCommon, checkOneOf } from './check-settings.js';
import { countCharacters, placesOf } from './characters.js';
import { cutDocument, readDocuments, type OwnDocument } from './documents.js';
import type { LinePlace } from './file-error.js';
import { groupsOf } from './groups.js';
import { likenessOf, wordsToCompare } from './likeness.js';
import { DOCUMENTS, type NormalForm, type OwnFiles, type OwnTextDataset, type TextSettings } from './own-data.js';
import { OwnWindow, REPLACEMENT } from './own-window.js';
import { partsOf } from './parts.js';
import { FilesReading, namesOf, sourceFiles, type OwnLoadOptions } from './source-files.js';
import { commonNotes, OWN_LICENCE, shortAlphabet } from './summary-notes.js';

/** Names of all settings. */
export const TEXT_SETTINGS: OptionNames<TextSettings> = {
  seed: true,
  normalForm: true,
  validationShare: true,
  testShare: true,
  documents: true,
  window: true,
  leastCount: true,
};

/**
 * Plain text that somebody brings, as windows of characters, as `loadSotu` makes them of speeches.
 *
 * A document is in one part as a whole, together with those that are nearly the same. One document alone is cut into blocks,
 * which are put into parts like documents. Windows for validation and test leave out what is a passage of training, too.
 *
 * @throws HeedError FILE_INVALID for what is wrong in a file, with its line; INVALID_ARGUMENT for settings out of range and too
 *   little text for the parts; UNKNOWN_OPTION; the signal's reason
 */
export const loadText = (
  files: OwnFiles,
  settings: TextSettings,
  options: OwnLoadOptions = {},
): Promise<OwnTextDataset> => inspectText(files, settings, options);

/** The same as `loadText`, with each line shown to an inspector when it is read. */
export async function inspectText(
  files: OwnFiles,
  settings: TextSettings,
  options: OwnLoadOptions,
  inspect?: (line: string, place: LinePlace) => void,
): Promise<OwnTextDataset> {
  const { shares, normalForm } = checkCommon('text', { files, settings, names: TEXT_SETTINGS, options });
  const { seed, window = 192 } = settings;
  const documents =
    checkOneOf('text: documents', settings.documents, DOCUMENTS) ?? (files.data.length > 1 ? 'file' : 'blank-lines');
  assertWhole('text: window', window, 2, LONGEST_WINDOW);
  if (settings.leastCount !== undefined) assertWhole('text: leastCount', settings.leastCount, 1, 1_000_000);

  const sources = sourceFiles(files);
  const reading = new FilesReading(sources, options);
  const read = await readDocuments(sources, { documents, normalForm }, reading, inspect);
  const data = read.filter(({ part }) => part === 'train');
  const isOne = data.length === 1 && shares.validation + shares.test > 0;
  const all = isOne ? [...cutDocument(data[0], blockLength(data[0], window)), ...read.slice(1)] : read;
  const keys = all.map(keyOf);
  const groups = groupsOf({
    size: all.length,
    keyOf: (n) => keys[n],
    wordsOf: (n) => wordsToCompare(all[n].blocks[0].slice(0, COMPARED)),
    distinct: 0,
  });
  const parts = partsOf('text', groups, { seed, ...shares, given: (n) => all[n].part });
  const blocks: Record<Split, string[]> = { train: [], validation: [], test: [] };
  const documentsOf = { train: 0, validation: 0, test: 0 };
  let leftOut = 0;
  all.forEach((document, n) => {
    const part = parts.of(n);
    if (part === undefined) leftOut++;
    else {
      documentsOf[part]++;
      for (const block of document.blocks) blocks[part].push(block);
    }
  });

  const counts = countCharacters(blocks.train);
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const leastCount = settings.leastCount ?? (total >= MANY_CHARACTERS ? 3 : 1);
  const known = new Set([...counts].flatMap(([symbol, count]) => (count >= leastCount ? symbol : [])));
  const unknown = [counts, countCharacters(blocks.validation), countCharacters(blocks.test)].map((found) =>
    [...found.keys()].filter((symbol) => !known.has(symbol)),
  );
  const ends = documents === 'blank-lines' && !isOne;
  const cutting: Cutting = { window, ends, known };
  const held = scored([...blocks.validation, ...blocks.test], blocks.train, cutting);
  const splits: Record<Split, OwnWindow[]> = {
    train: blocks.train.flatMap((block) => learnt(block, cutting)),
    validation: held.slice(0, blocks.validation.length).flat(),
    test: held.slice(blocks.validation.length).flat(),
  };
  assertWindows(splits, blocks);
  const symbols = new Set(known);
  if (unknown.some(({ length }) => length > 0)) symbols.add(REPLACEMENT);
  const identity = {
    task: 'text',
    version: reading.version(),
    options: {
      seed,
      normalForm,
      validationShare: shares.validation,
      testShare: shares.test,
      documents,
      window,
      leastCount,
    },
    symbols: [...symbols].toSorted(),
  };
  const facts: TextFacts = {
    files: sources.map(({ file }) => file.name),
    normalForm,
    documents: read.length,
    blocks: isOne ? all.length - read.length + 1 : undefined,
    groups: parts.groups,
    documentsOf,
    leftOut,
    characters: total,
    rare: unknown[0].length,
    ends,
  };
  return { ...identity, ...splits, describe: () => summarize(identity, splits, facts) };
}

// A network goes through one character after another; more than the length of most documents.
const LONGEST_WINDOW = 65_536;
// Code units of a document that are compared with others.
const COMPARED = 100_000;
// A text of so many characters can spare those that it has once or twice.
const MANY_CHARACTERS = 100_000;

/** Key that is equal for documents that differ in case, punctuation, digits and spaces alone. */
const keyOf = ({ blocks }: OwnDocument): string =>
  fingerprint(
    (function* () {
      for (const block of blocks) yield likenessOf(block, 'letters');
    })(),
  );

/** Length of the blocks that one document is cut into, in code units: 200 of them, each of eight windows or more. */
const blockLength = ({ blocks }: OwnDocument, window: number): number =>
  Math.max(LEAST_WINDOWS * window, Math.ceil(blocks.reduce((sum, { length }) => sum + length, 0) / MOST_BLOCKS));

const LEAST_WINDOWS = 8;
const MOST_BLOCKS = 200;

interface Cutting {
  readonly window: number;
  /** Whether the end of a document is predicted. */
  readonly ends: boolean;
  readonly known: ReadonlySet<string>;
}

/** Windows to learn from: side by side, with the rest where ends are predicted or a block is shorter than a window. */
function learnt(text: string, { window, ends, known }: Cutting): OwnWindow[] {
  const places = placesOf(text);
  const ranges: WindowRange[] = trainingRanges(places.length, window);
  const rest = ranges.length * window;
  if (rest < places.length && (ends || ranges.length === 0)) {
    ranges.push({ start: rest, end: places.length, context: 0 });
  }
  const whole = { text, known, ends };
  return ranges.map(
    ({ start, end, context }) => new OwnWindow(whole, { start: places.at(start), end: places.at(end), context }),
  );
}

/** For each block its windows that predict nothing of a passage which a training block has, too. */
function scored(blocks: readonly string[], train: readonly string[], { window, ends, known }: Cutting): OwnWindow[][] {
  const shared = sharedPassages(blocks, train);
  return blocks.map((text, n) => {
    const places = placesOf(text);
    const whole = { text, known, ends };
    let next = 0;
    return scoredRanges(places.length, window, Math.floor(window / 3)).flatMap(({ start, end, context }) => {
      const [from, to] = [places.at(start + context), places.at(end)];
      // Both are ascending: passages that end before this window end before all that follow.
      while (next < shared[n].length && shared[n][next] + PASSAGE <= from) next++;
      if (next < shared[n].length && shared[n][next] < to) return [];
      return [new OwnWindow(whole, { start: places.at(start), end: to, context })];
    });
  });
}

function assertWindows(
  splits: Readonly<Record<Split, readonly OwnWindow[]>>,
  blocks: Readonly<Record<Split, readonly string[]>>,
): void {
  const lacking = (['train', 'validation', 'test'] as const).find(
    (part) => splits[part].length === 0 && (part === 'train' || blocks[part].length > 0),
  );
  if (lacking === undefined) return;
  throw new HeedError('INVALID_ARGUMENT', {
    message:
      lacking === 'train'
        ? 'text: no document is left to learn from'
        : `text: all of the ${lacking} part is in the training part, too`,
    hint:
      lacking === 'train'
        ? 'documents that are like one of the files for validation or test are left out'
        : `passages of ${PASSAGE} characters that training has, too, are left out: bring text of other origin`,
    details: { part: lacking },
  });
}

interface TextFacts {
  readonly files: readonly string[];
  readonly normalForm: NormalForm;
  readonly documents: number;
  /** Number of blocks that one document was cut into. */
  readonly blocks: number | undefined;
  readonly groups: number;
  readonly documentsOf: Readonly<Record<Split, number>>;
  readonly leftOut: number;
  /** Number of characters of the training part. */
  readonly characters: number;
  /** Number of different characters of the training part that are too rare. */
  readonly rare: number;
  readonly ends: boolean;
}

function summarize(
  { symbols, ...identity }: Pick<Dataset, 'task' | 'version'> & Pick<OwnTextDataset, 'options' | 'symbols'>,
  splits: Readonly<Record<Split, readonly OwnWindow[]>>,
  facts: TextFacts,
): DatasetSummary {
  const { documentsOf } = facts;
  return {
    ...identity,
    title: `Text of ${namesOf(facts.files)}`,
    source: namesOf(facts.files),
    url: '',
    licence: OWN_LICENCE,
    counts: {
      documents: facts.documents,
      ...(facts.blocks !== undefined && { blocks: facts.blocks }),
      groups: facts.groups,
      trainDocuments: documentsOf.train,
      validationDocuments: documentsOf.validation,
      testDocuments: documentsOf.test,
      train: splits.train.length,
      validation: splits.validation.length,
      test: splits.test.length,
      trainCharacters: facts.characters,
      symbols: symbols.length,
      rareCharacters: facts.rare,
      leftOutOfTraining: facts.leftOut,
    },
    alphabets: shortAlphabet('text', symbols),
    notes: [
      ...commonNotes(facts.normalForm),
      facts.blocks === undefined
        ? 'A document is put into its part as a whole, by a hash of its letters and the seed, together with those that are nearly the same (MinHash over four words in a row).'
        : `The document is cut into ${facts.blocks} blocks one after another, at the ends of lines; a hash of a block's letters and the seed decides its part.`,
      `Windows of the validation and test parts that predict something of a passage of ${PASSAGE} characters that training has, too, are left out.`,
      'The windows of a document lie side by side in the training part; in the others each begins with a third that is only given, the end of the one before.',
      facts.ends
        ? 'The end of a document is predicted like a character.'
        : 'Windows are cut anywhere: neither their beginning nor their end is predicted.',
      `Characters that the training part has fewer than ${identity.options['leastCount']} times, and those that only other parts have, are ${REPLACEMENT}.`,
    ],
  };
}
