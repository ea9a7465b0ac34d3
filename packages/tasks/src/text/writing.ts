import type { Dataset, TextDataset } from '@heed/datasets';
import type { GenerateOptions, language, LanguageConfig, LanguageModel } from '@heed/networks';
import type { AnswerOptions, Preset } from '../task.js';
import { writeAllOn, type TextInput } from './answer.js';
import { judgeTexts, textBaselines, textMetrics } from './judge.js';

/**
 * What tasks that write on have in common.
 *
 * @param order    of the n-grams that models are to beat
 * @param defaults of sampling
 */
export const writing = (order: number, defaults: GenerateOptions) => ({
  plain: 'lstm',
  options: ['sampling'] as const,
  metrics: textMetrics,
  configure: ({ model }: Preset<typeof language>, data: Dataset, seed: number) =>
    ({ ...model, symbols: (data as TextDataset).symbols, seed }) as LanguageConfig,
  judge: judgeTexts,
  baselines: textBaselines(order),
  write: ({ text }: TextInput) => text,
  // Nothing is the right way to write on.
  expected: () => [],
  answer: (model: LanguageModel, inputs: readonly TextInput[], options: AnswerOptions = {}) =>
    writeAllOn(model, inputs, options, defaults),
});
