import { corpusBleu, corpusChrf, corpusCider, type BleuTokenization } from '@heed/metrics';
import type { Judgement, Metric } from '../task.js';
import { lookFigures, lookMetrics } from './looks.js';
import type { Captioned, CaptionedExample } from './captioned.js';
import { mean } from './mean.js';

/** A language that has figures of its own. */
export interface FigureLanguage {
  readonly language: string;
  readonly name: string;
}

/** Figures of captions in some languages. */
export interface FiguresOf {
  readonly languages: readonly FigureLanguage[];
  readonly metrics: readonly Metric[];
}

/** Figures of captions, each also by language for those that are named. */
export const figuresOf = (languages: readonly FigureLanguage[]): FiguresOf => ({
  languages,
  metrics: [
    ...MEANS.map(({ short: _short, ...metric }) => metric),
    ...languages.flatMap(({ language, name }) =>
      MEANS.map(({ key, short, format, better }) => ({
        key: `${key}${suffixOf(language)}`,
        label: `${short}, ${name}`,
        format,
        better,
        among: name,
      })),
    ),
    ...lookMetrics,
  ],
});

/** Figures that are means over languages; `label` is that of the mean, `short` that of one language. */
const MEANS: readonly (Metric & { readonly short: string })[] = [
  { key: 'exact', label: 'same as a reference', short: 'same', format: 'share', better: 'higher' },
  {
    key: 'cider',
    label: 'CIDEr-D, mean',
    short: 'CIDEr-D',
    format: 'number',
    better: 'higher',
    meaning: 'runs of one to four words that a reference has too, rare ones more, from 0 to 10',
  },
  {
    key: 'bleu',
    label: 'BLEU, mean',
    short: 'BLEU',
    format: 'number',
    better: 'higher',
    meaning: 'runs of one to four words that a reference has too, from 0 to 100',
  },
  {
    key: 'chrf',
    label: 'chrF2, mean',
    short: 'chrF2',
    format: 'number',
    better: 'higher',
    meaning: 'the same of one to six characters',
  },
];

/** 'De' of 'de'. */
const suffixOf = (language: string): string => language.charAt(0).toUpperCase() + language.slice(1);

/** Judgement of captions: figures of each language, their means over the languages, and what was looked at. */
export function judgeCaptions(
  examples: readonly CaptionedExample[],
  captions: readonly Captioned[],
  { languages }: FiguresOf,
): Judgement {
  const named = new Set(languages.map(({ language }) => language));
  const all = new Map<string, number[]>();
  examples.forEach(({ language }, n) => {
    const numbers = all.get(language);
    if (numbers === undefined) all.set(language, [n]);
    else numbers.push(n);
  });
  const own: Record<string, number> = {};
  const found: Record<'cider' | 'bleu' | 'chrf', number[]> = { cider: [], bleu: [], chrf: [] };
  for (const [language, numbers] of all) {
    const figures = figuresOfLanguage(
      language,
      numbers.map((n) => examples[n]),
      numbers.map((n) => captions[n]),
    );
    for (const key of ['cider', 'bleu', 'chrf'] as const) found[key].push(figures[key]);
    if (!named.has(language)) continue;
    for (const [key, value] of Object.entries(figures)) own[`${key}${suffixOf(language)}`] = value;
  }
  return {
    examples: examples.length,
    figures: {
      exact: exactShare(examples, captions),
      cider: mean(found.cider),
      bleu: mean(found.bleu),
      chrf: mean(found.chrf),
      ...own,
      ...lookFigures(examples, captions),
    },
  };
}

function figuresOfLanguage(
  language: string,
  examples: readonly CaptionedExample[],
  captions: readonly Captioned[],
): Record<'exact' | 'cider' | 'bleu' | 'chrf', number> {
  const texts = captions.map(({ text }) => text);
  const references = examples.map((example) => example.references);
  return {
    exact: exactShare(examples, captions),
    cider: corpusCider(
      captions.map(({ symbols }) => wordsOf(symbols)),
      examples.map(({ targets }) => targets.map(wordsOf)),
    ),
    bleu: corpusBleu(texts, references, { tokenization: tokenizationOf(language) }).score,
    chrf: corpusChrf(texts, references),
  };
}

const tokenizationOf = (language: string): BleuTokenization => (language.split('-')[0] === 'zh' ? 'zh' : '13a');

const exactShare = (examples: readonly CaptionedExample[], captions: readonly Captioned[]): number =>
  mean(examples.map(({ references }, n) => Number(references.includes(captions[n].text))));

/** Symbols with spaces between, as CIDEr-D takes words: characters of Chinese are some. */
const wordsOf = (symbols: readonly string[]): string => symbols.filter((symbol) => symbol.trim() !== '').join(' ');
