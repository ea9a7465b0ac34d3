import { classifier } from '@heed/networks';
import { loadSentiment, parseDefinition, type ClassifiedDataset, type Definition } from '@heed/datasets';
import { classifying, type ClassifierInput } from '../classification.js';
import { defineTask } from '../define-task.js';
import { presets } from './presets.js';

/** Sentiment of a word, positive or negative, from its definition; data of WordNet and the opinion lexicon. */
export const sentiment = defineTask<typeof classifier, ClassifierInput, ClassifiedDataset<Definition>>({
  networks: [classifier],
  ...classifying(['negative', 'positive'], 'positive'),
  name: 'sentiment',
  title: 'Sentiment of a definition',
  description:
    'Give the definition of a word, get whether the word is positive or negative, and see which words of the definition decided.',
  limits: [
    'It knows the style of WordNet: a few words that define another one. Of reviews or conversation it has read nothing.',
    'It says positive or negative of anything, also of what is neither.',
    'Labels are of words, given in product reviews; a definition may be of a sense that the label was not meant for.',
    'It overlooks negation that it saw too rarely, and knows about 4,000 English words; of others it has but their letters.',
  ],
  unit: 'definitions',
  example: 'showing lack of skill or courage',
  multiline: false,
  presets,
  metrics: [
    { key: 'accuracy', label: 'accuracy', format: 'share', better: 'higher', meaning: 'words told right' },
    { key: 'macroF1', label: 'macro F1', format: 'share', better: 'higher', meaning: 'mean of the F1 of each class' },
    {
      key: 'f1',
      label: 'F1 of positive',
      format: 'share',
      better: 'higher',
      meaning:
        'harmonic mean of two shares: of those called positive, how many are; of the positive ones, how many are found',
    },
  ],
  load: loadSentiment,
  parse: parseDefinition,
});
