import type { Network } from '@heed/nn';
import { predictions, type TextSequence } from './batch.js';
import { parseLanguage, type LanguageConfig } from './config.js';
import { createLanguageModel, type LanguageModel } from './language-model.js';
import { costOfLanguage } from './cost.js';
import { textFigures } from './figures.js';

/** Language models: an example is a text to learn, and the error is bits per character. */
export const language: Network<LanguageConfig, LanguageModel, TextSequence, TextSequence> = {
  kind: 'language',
  parse: (value) => parseLanguage('language model', value),
  create: createLanguageModel,
  cost: costOfLanguage,
  items: (text) => [text],
  lengths: (text) => ({ source: text.symbols.length, target: predictions(text) }),
  async validate(model, texts) {
    const figures = textFigures(await model.surprisal(texts));
    return { error: figures.bitsPerCharacter, figures };
  },
};
