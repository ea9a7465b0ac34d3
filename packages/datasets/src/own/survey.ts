import { HeedError } from '@heed/base';
import type { Dataset } from '../dataset.js';
import { countCharacters } from './characters.js';
import { ExtremeRatios } from './extreme-ratios.js';
import type { Kind } from './guess-kind.js';
import { cutLabelText } from './label-text.js';
import { inspectLabels } from './labels.js';
import type { CaptionsSettings } from './captions.js';
import type { LabelsSettings, OwnFolder, PairsSettings, TextSettings } from './own-data.js';
import { inspectPairs } from './pairs.js';
import type { OwnLoadOptions } from './source-files.js';
import { surveyCaptions } from './survey-captions.js';
import type { Survey } from './survey-report.js';
import { Suspicions } from './suspicions.js';
import { inspectText } from './text.js';
import { alphabetFacts, lengthFacts } from './text-facts.js';

/** Settings of each kind of data. */
export interface KindSettings {
  readonly pairs: PairsSettings;
  readonly labels: LabelsSettings;
  readonly text: TextSettings;
  readonly captions: CaptionsSettings;
}

/**
 * Looks through somebody's own data: everything that loading finds, and rows that look wrong.
 *
 * @throws HeedError as the loader of the kind does; UNKNOWN_NAME for another kind
 */
export async function surveyFiles<Name extends Kind>(
  kind: Name,
  files: OwnFolder,
  settings: KindSettings[Name],
  options: OwnLoadOptions = {},
): Promise<Survey> {
  if (!Object.hasOwn(SURVEYS, kind)) {
    throw new HeedError('UNKNOWN_NAME', {
      message: `survey: there is no kind of data '${kind}'`,
      hint: `kinds are ${Object.keys(SURVEYS).join(', ')}`,
    });
  }
  const survey: SurveyOf<KindSettings[Name]> = SURVEYS[kind];
  return { kind, labels: [], ...(await survey(files, settings, options)) };
}

type SurveyOf<Settings> = (
  files: OwnFolder,
  settings: Settings,
  options: OwnLoadOptions,
) => Promise<Omit<Survey, 'kind' | 'labels'> & Partial<Pick<Survey, 'labels'>>>;

const SURVEYS: { readonly [Name in Kind]: SurveyOf<KindSettings[Name]> } = {
  async pairs(files, settings, options) {
    const suspicions = new Suspicions();
    const ratios = new ExtremeRatios();
    const data = await inspectPairs(files, settings, options, (source, targets, place) => {
      suspicions.look(source, place);
      for (const target of targets) {
        suspicions.look(target, place);
        ratios.add(source, target, place);
        if (target === source) suspicions.add('a target that is its source', place, source);
      }
    });
    ratios.raise(suspicions);
    const all = examplesOf(data);
    return {
      summary: data.describe(),
      lengths: {
        source: lengthFacts(lengthsOf(all, ({ source }) => [source.length])),
        target: lengthFacts(lengthsOf(all, ({ targets }) => targets.map(({ length }) => length))),
      },
      alphabets: {
        source: alphabetFacts(countCharacters(all.map(({ text }) => text))),
        target: alphabetFacts(countCharacters(all.flatMap(({ references }) => references))),
      },
      suspicions: suspicions.list(),
    };
  },

  async labels(files, settings, options) {
    const suspicions = new Suspicions();
    const data = await inspectLabels(files, settings, options, (text, place) => {
      suspicions.look(text, place);
      if (cutLabelText(text, settings).length === 0) suspicions.add('no word', place, text);
    });
    const all = examplesOf(data);
    const counts = new Map(data.classes.map((label) => [label, 0]));
    for (const { label } of all) counts.set(label, counts.get(label)! + 1);
    return {
      summary: data.describe(),
      lengths: {
        words: lengthFacts(
          lengthsOf(all, ({ sentences }) => [sentences.reduce((sum, words) => sum + words.length, 0)]),
        ),
        sentences: lengthFacts(lengthsOf(all, ({ sentences }) => [sentences.length])),
      },
      alphabets: { text: alphabetFacts(countCharacters(all.map(({ text }) => text))) },
      labels: [...counts].toSorted(([, a], [, b]) => b - a),
      suspicions: suspicions.list(),
    };
  },

  async text(files, settings, options) {
    const suspicions = new Suspicions();
    const data = await inspectText(files, settings, options, (line, place) => suspicions.look(line, place));
    const all = examplesOf(data);
    return {
      summary: data.describe(),
      lengths: { windows: lengthFacts(lengthsOf(all, ({ symbols, context }) => [symbols.length - context])) },
      alphabets: { text: alphabetFacts(countPredicted(all)) },
      suspicions: suspicions.list(),
    };
  },

  captions: surveyCaptions,
};

const examplesOf = <Example>({ train, validation, test }: Dataset<Example>): Example[] => [
  ...train,
  ...validation,
  ...test,
];

function* lengthsOf<Example>(
  examples: readonly Example[],
  lengths: (example: Example) => readonly number[],
): Generator<number> {
  for (const example of examples) yield* lengths(example);
}

/** Counts of the characters that windows predict, so that what is only given isn't counted twice. */
function countPredicted(
  windows: readonly { readonly symbols: readonly string[]; readonly context: number }[],
): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { symbols, context } of windows) {
    for (const symbol of symbols.slice(context)) counts.set(symbol, (counts.get(symbol) ?? 0) + 1);
  }
  return counts;
}
