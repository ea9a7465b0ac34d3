import { HeedError, checkOptions, type OptionNames } from '@heed/base';
import { fingerprint } from '../fingerprint.js';
import { SHARE_OPTIONS, type LoadOptions } from '../dataset.js';
import { assertWhole } from '../options.js';
import { splitter, type Split } from '../split.js';
import { clean, likeness, tidyText, type Entry } from './clean.js';
import { LONGEST_LEARNT, type TranslateDataset, type TranslateExample, type TranslateInput } from './example.js';
import { LANGUAGES, PACK_VERSION, packName, readPacks, type Language } from './packs.js';
import { learnPieces } from '../pieces/learn-pieces.js';
import { Segmenter, UNKNOWN } from '../pieces/pieces.js';
import { summarizeTranslate } from './summary.js';

export interface TranslateOptions extends LoadOptions {
  /** Number of merged pieces in the vocabulary, from 0 to 100,000. Default 2000. */
  readonly merges?: number;
  /** Share of the English texts that are for validation, on average. Default 0.05. */
  readonly validationShare?: number;
  /** Share of the English texts that are for the test, on average. Default 0.1. */
  readonly testShare?: number;
}

const OPTIONS: OptionNames<TranslateOptions> = { ...SHARE_OPTIONS, merges: true };

// More than the number of pieces that occur twice in the texts.
const MOST_MERGES = 100_000;

/** First symbol of a source, which says the target language. */
export const tagOf = (language: Language): string => `<${language}>`;

/**
 * Texts of a user interface in French, German and Chinese: VS Code's language packs, about 6,300 English texts of at most 40
 * characters.
 *
 * A text is in the same split in every language, together with the texts that differ from it only in case, punctuation, digits,
 * placeholders or accelerators. Pieces are learnt from the training split.
 *
 * @throws HeedError INVALID_ARGUMENT for a seed, shares or merges out of range; DATA_MISSING, FILE_ACCESS, FILE_INVALID
 */
export async function loadTranslate(options: TranslateOptions): Promise<TranslateDataset> {
  checkOptions('loadTranslate', options, OPTIONS);
  const { seed, merges = 2000, validationShare = 0.05, testShare = 0.1 } = options;
  assertWhole('translate: merges', merges, 0, MOST_MERGES);
  const splitOf = splitter(seed, { validation: validationShare, test: testShare });
  const { entries, dropped } = clean(await readPacks(options.files));
  const split: Record<Split, Entry[]> = { train: [], validation: [], test: [] };
  for (const entry of entries) split[splitOf(likeness(entry.english))].push(entry);

  const english = split.train.map((entry) => entry.english);
  const translated = split.train.flatMap(({ translations }) => LANGUAGES.flatMap((language) => translations[language]));
  const pieces = learnPieces([...english, ...translated], merges);
  const sourceSymbols = [...LANGUAGES.map(tagOf), UNKNOWN, ...neededFor(english, pieces)];
  const segmenters = { source: new Segmenter(sourceSymbols), target: new Segmenter(pieces) };
  const all = toExamples(split.train, segmenters);
  const ends = new Set(all.flatMap(({ targets }) => targets.flat()));
  const targetSymbols = [UNKNOWN, ...pieces.filter((piece) => ends.has(piece))];
  const train = all.flatMap(learnable);
  const whole = { validation: toExamples(split.validation, segmenters), test: toExamples(split.test, segmenters) };
  const identity = {
    task: 'translate',
    version: `${PACKAGES} sha256:${fingerprint(entries.map(lineOf))}`,
    options: { seed, merges, validationShare, testShare },
  };
  const facts = { texts: entries.length, dropped, tooLong: all.length - train.length, sourceSymbols, targetSymbols };
  return {
    ...identity,
    sourceSymbols,
    targetSymbols,
    train,
    ...whole,
    describe: () => summarizeTranslate(identity, { train, ...whole }, facts),
  };
}

/** Names and version of the packages in one text: `…-pack-{qps-ploc,fr,de,zh-hans}@25.1.2`. */
const PACKAGES = `{${(['en', ...LANGUAGES] as const).map(packName).join(',')}}@${PACK_VERSION}`;

/** Pieces that are made while the texts are cut; others are never needed. */
function neededFor(texts: readonly string[], pieces: readonly string[]): string[] {
  const made = new Set<string>();
  const segmenter = new Segmenter(pieces);
  for (const text of texts) segmenter.segment(text, (piece) => made.add(piece));
  return pieces.filter((piece) => made.has(piece));
}

function toExamples(
  entries: readonly Entry[],
  { source, target }: Readonly<Record<'source' | 'target', Segmenter>>,
): TranslateExample[] {
  return entries.flatMap(({ english, translations }) => {
    const pieces = source.symbols(source.segment(english));
    return LANGUAGES.filter((language) => translations[language].length > 0).map((language) => ({
      text: `${language}: ${english}`,
      language,
      english,
      references: translations[language],
      source: [tagOf(language), ...pieces],
      targets: translations[language].map((text) => target.symbols(target.segment(text))),
    }));
  });
}

/** The example without targets that are too long; an empty list when its source or all of its targets are too long. */
function learnable(example: TranslateExample): TranslateExample[] {
  if (example.source.length > LONGEST_LEARNT) return [];
  const targets = example.targets.filter(({ length }) => length <= LONGEST_LEARNT);
  return targets.length === 0 ? [] : [{ ...example, targets }];
}

// Five times the length of the training texts; translations of longer ones are noise.
const LONGEST_INPUT = 200;

/**
 * Reads what somebody typed: an English text, with the target language before it; without a language it is French.
 *
 * @throws HeedError INVALID_ARGUMENT for a text that is empty, longer than 200 characters, or for another language
 */
export function parseTranslate(text: string): TranslateInput {
  const [, tag, rest] = /^\s*(?:(fr|de|zh)\s*:)?([^]*)$/i.exec(text)!;
  const language = (tag?.toLowerCase() ?? 'fr') as Language;
  if (tag === undefined) assertNoOther(rest!);
  const english = tidyText(rest!);
  if (english === '' || english.length > LONGEST_INPUT) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `translate: the text has ${english.length} characters`,
      hint: `1 to ${LONGEST_INPUT} characters of English, with the language before it: 'de: Open File'`,
      details: { text, length: english.length },
    });
  }
  return { text: `${language}: ${english}`, language, english };
}

/**
 * Refuses a text for another language: 'it: Open' asks for Italian and 'xx: Open' for an unknown language, and neither must
 * become French. Menus write words differently: 'Run: {0}' isn't Rundi, and 'IP: {0}' isn't a language.
 */
function assertNoOther(text: string): void {
  const [, code] = /^((?:[a-z]{2,3}|[A-Z]{2,3})(?:-[A-Za-z]{4})?(?:-[A-Za-z]{2})?)\s*:/.exec(text) ?? [];
  if (code === undefined) return;
  const name = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' }).of(code);
  if (name === undefined && !/^[a-z]{2}(?:-|$)/.test(code)) return;
  throw new HeedError('INVALID_ARGUMENT', {
    message: `translate: ${JSON.stringify(code)} is ${name ?? 'no language'}, which texts aren't translated to`,
    hint: `languages are ${LANGUAGES.join(', ')}; for an English text that begins so, put one before it: 'fr: ${code}: …'`,
    details: { code, languages: LANGUAGES },
  });
}

const lineOf = ({ english, translations }: Entry): string =>
  `${JSON.stringify([english, ...LANGUAGES.map((language) => translations[language])])}\n`;
