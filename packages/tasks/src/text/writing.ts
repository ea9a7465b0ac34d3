import type { TextDataset } from '@heed/datasets';
import type { GenerateOptions, language, LanguageConfig, LanguageModel } from '@heed/networks';
import type { AnswerOptions, Preset } from '../task.js';
import { continueAll, type TextInput } from './answer.js';
import { judgeTexts, textBaselines, textMetrics } from './judge.js';

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
  judge: judgeTexts,
  baselines: textBaselines(order),
  write: ({ text }: TextInput) => text,
  // No continuation counts as the right one.
  expected: () => [],
  answer: (model: LanguageModel, inputs: readonly TextInput[], options: AnswerOptions = {}) =>
    continueAll(model, inputs, options, defaults),
});
