import type { Dataset, DatasetSummary } from '../dataset.js';
import type { Split } from '../split.js';
import { LONGEST } from './clean.js';
import { LANGUAGES, packName } from './packs.js';
import { LONGEST_LEARNT, type TranslateExample, type TranslateFacts } from './example.js';

/** Summary of the dataset: facts that a reader of results needs. */
export function summarizeTranslate(
  identity: Pick<Dataset, 'task' | 'version' | 'options'>,
  splits: Readonly<Record<Split, readonly TranslateExample[]>>,
  { texts, dropped, tooLong, sourceSymbols, targetSymbols }: TranslateFacts,
): DatasetSummary {
  const all = [...splits.train, ...splits.validation, ...splits.test];
  const longest = (lengths: number[]): number => lengths.reduce((most, length) => Math.max(most, length), 0);
  return {
    ...identity,
    title: 'User interface texts of VS Code in French, German and Chinese',
    source: (['en', ...LANGUAGES] as const).map(packName).join(', '),
    url: 'https://github.com/CodinGame/monaco-vscode-api',
    licence: 'MIT, © Microsoft Corporation (texts and translations)',
    counts: {
      texts,
      ...Object.fromEntries(LANGUAGES.map((l) => [l, all.filter(({ language }) => language === l).length])),
      severalReferences: all.filter(({ references }) => references.length > 1).length,
      train: splits.train.length,
      validation: splits.validation.length,
      test: splits.test.length,
      longestSource: longest(all.map(({ source }) => source.length)),
      longestTarget: longest(all.flatMap(({ targets }) => targets.map(({ length }) => length))),
      sourceSymbols: sourceSymbols.length,
      targetSymbols: targetSymbols.length,
      droppedLines: dropped.lines,
      droppedWordless: dropped.wordless,
      droppedLong: dropped.long,
      droppedUntranslated: dropped.untranslated,
      droppedPlaceholders: dropped.placeholders,
      droppedFromTraining: tooLong,
    },
    alphabets: {},
    notes: [
      'English is decoded from the pseudo language qps-ploc, whose letters each stand for one of English.',
      `Left out: texts of several lines, without two letters in a row, or of more than ${LONGEST} characters of English; translations that equal the English, or have other placeholders.`,
      "The signs of accelerators (&&) are removed, spaces of all widths are one space, and the typographic apostrophe is the typewriter's; in references, too.",
      'A text goes into its part, in all languages, by a hash of its letters in lower case and the seed: texts that differ in case, punctuation, digits, placeholders or accelerators alone stay together.',
      'Different translations of a text are one example with several references.',
      `Byte-pair merges of all four languages together, and the alphabet, are learnt from the training part; examples of more than ${LONGEST_LEARNT} pieces are left out of it, but not of validation and test.`,
    ],
  };
}
