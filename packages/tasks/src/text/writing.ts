import type { TextDataset, TextExample } from '@heed/datasets';
import type { GenerateOptions, language, LanguageConfig, LanguageModel } from '@heed/networks';
import type { AnswerOptions, Preset } from '../task.js';
import { continueAll, type TextInput } from './answer.js';
import { judgement, surprisals, textBaselines, textMetrics } from './judge.js';

/**
 * Common parts of the tasks that continue a text.
 *
 * @param order    length of the n-grams of the baseline, in symbols
 * @param defaults default settings of sampling
 */
export const writing = (order: number, defaults: GenerateOptions) => ({
  plain: 'lstm',
  options: ['sampling'] as const,
  metrics: textMetrics,
  configure: ({ model }: Preset<typeof language>, { symbols }: TextDataset, seed: number) =>
    ({ ...model, symbols, seed }) as LanguageConfig,
  outcomes: surprisals,
  figures: (_: readonly TextExample[], outcomes: readonly Float64Array[]) => judgement(outcomes),
  baselines: textBaselines(order),
  write: ({ text }: TextInput) => text,
  // No continuation counts as the right one.
  expected: () => [],
  answer: (model: LanguageModel, inputs: readonly TextInput[], options: AnswerOptions = {}) =>
    continueAll(model, inputs, options, defaults),
});
