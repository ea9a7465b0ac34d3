import { parseConfig, type Network } from '@heed/nn';
import { predictions, type TextSequence } from './batch.js';
import { languageSchema, type LanguageConfig } from './config.js';
import { createLanguageModel, type LanguageModel } from './language-model.js';
import { textFigures } from './figures.js';

/** Language models: an example is a text to learn, and the error is bits per character. */
export const language: Network<LanguageConfig, LanguageModel, TextSequence, TextSequence> = {
  kind: 'language',
  parse: (value) => parseConfig('language model', languageSchema, value) as LanguageConfig,
  create: createLanguageModel,
  items: (text) => [text],
  lengths: (text) => ({ source: text.symbols.length, target: predictions(text) }),
  async validate(model, texts) {
    const figures = textFigures(await model.surprisal(texts));
    return { error: figures.bitsPerCharacter, figures };
  },
};
