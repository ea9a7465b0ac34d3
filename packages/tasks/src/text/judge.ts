import type { TextExample } from '@heed/datasets';
import { nGram, textFigures, type LanguageModel } from '@heed/networks';
import type { Baseline, Judgement, JudgeOptions, Metric } from '../task.js';

export const textMetrics: readonly Metric[] = [
  {
    key: 'bitsPerCharacter',
    label: 'bits per character',
    format: 'number',
    better: 'lower',
    meaning: 'how surprising each character is; 1 as the toss of a coin',
  },
  {
    key: 'perplexity',
    label: 'perplexity per character',
    format: 'number',
    better: 'lower',
    meaning: 'between how many equally likely characters it chooses, so to say',
  },
];

/** Surprisal of each symbol of the examples. */
export const surprisals = (
  model: LanguageModel,
  examples: readonly TextExample[],
  { signal, onProgress }: Omit<JudgeOptions, 'beam'> = {},
): Promise<Float64Array[]> =>
  model.surprisal(examples, { ...(signal && { signal }), ...(onProgress && { onProgress }) });

/** Baselines of tasks that generate text: an n-gram model, and equal probability for every character. */
export const textBaselines = (order: number): readonly Baseline<TextExample>[] => [
  {
    title: `${order}-grams (Witten–Bell)`,
    async judge(train, examples) {
      const symbols = alphabet(train, examples);
      return judgement(examples.map(nGram(train, { order: Math.min(order, greatestOrder(symbols.length)), symbols })));
    },
  },
  {
    title: 'every character equally probable',
    async judge(train, examples) {
      return judgement(examples.map(nGram(train, { order: 0, symbols: alphabet(train, examples) })));
    },
  },
];

/** Length of the longest n-grams of so many symbols that can be numbered: shorter than wanted where there are thousands of symbols. */
const greatestOrder = (symbols: number): number =>
  Math.floor(Math.log(Number.MAX_SAFE_INTEGER) / Math.log(symbols + 1));

export const judgement = (surprisals: readonly Float64Array[]): Judgement => ({
  examples: surprisals.length,
  figures: textFigures(surprisals),
});

function alphabet(...parts: (readonly TextExample[])[]): string[] {
  const symbols = new Set<string>();
  for (const examples of parts)
    for (const example of examples) for (const symbol of example.symbols) symbols.add(symbol);
  return [...symbols];
}
