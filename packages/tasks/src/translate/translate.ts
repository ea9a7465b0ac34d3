import { recurrent, transformer } from '@heed/networks';
import {
  CAPITAL,
  joinPieces,
  loadTranslate,
  parseTranslate,
  type TranslateDataset,
  type TranslateInput,
} from '@heed/datasets';
import { sequenceAnswer } from '../recurrent.js';
import { defineTask } from '../define-task.js';
import { inBatches } from '../in-batches.js';
import { outputsByLanguage } from '../outputs-by-language.js';
import { judgement, metrics } from './figures.js';
import { translationMemory } from './translation-memory.js';
import { presets } from './presets.js';
import { translateAll } from './translator.js';

/** Machine translation of texts of user interfaces, from English to French, German and Chinese with one model. */
export const translate = defineTask<typeof recurrent | typeof transformer, TranslateInput, TranslateDataset>({
  networks: [recurrent, transformer],
  name: 'translate',
  title: 'Translation of user interface texts',
  description:
    'Type an English menu item, title or message, get it in French, German (de:) or Chinese (zh:), and see which pieces of words each piece came from.',
  limits: [
    'It learnt the language of one editor: buttons, titles and messages of VS Code in at most 24 pieces of words. Other English comes out as something about files, editors and extensions.',
    'It makes mistakes of meaning and grammar, and leaves things out or says them twice: read what it writes before anybody else does.',
    'References were made by people and machines, and differ in style from text to text.',
  ],
  unit: 'texts',
  example: 'fr: Open Folder',
  multiline: false,
  presets,
  plain: 'none',
  options: ['beam'],
  metrics,
  load: loadTranslate,
  configure({ model }, { sourceSymbols, targetSymbols }, seed) {
    return { ...model, sourceSymbols, targetSymbols, seed };
  },
  outputs: outputsByLanguage,
  outcomes: (model, examples, { beam, outputs: pieces, ...options } = {}) =>
    inBatches(examples, BATCH_SIZE, options, async (batch) => {
      const translated = await translateAll(model, batch, { beam, outputs: pieces });
      return translated.map(({ hypotheses: [best] }) => joinPieces(best!.output));
    }),
  figures: judgement,
  baselines: [
    {
      title: 'translation memory: the most similar text of the training part',
      async judge(train, examples) {
        return judgement(examples, examples.map(translationMemory(train)));
      },
    },
    {
      title: 'the English text as it is',
      judge: async (_, examples) =>
        judgement(
          examples,
          examples.map(({ english }) => english),
        ),
    },
  ],
  parse: parseTranslate,
  write: ({ text }) => text,
  expected: ({ references }) => references,
  async answer(model, inputs, { beam, outputs } = {}) {
    const translated = await translateAll(model, inputs, { beam, outputs });
    return translated.map(({ source, hypotheses }, n) => {
      const answer = sequenceAnswer({ text: inputs[n].text, source }, hypotheses, joinPieces);
      const labels = {
        rowLabels: hypotheses[0].output.map(labelOf),
        columnLabels: source.map(labelOf),
      };
      return Object.assign(answer, { maps: answer.maps.map((map) => Object.assign(map, labels)) });
    });
  },
});

/** Label of a piece, for people: `·Open` begins a word, and `^` makes the next letter a capital. */
const labelOf = (piece: string): string =>
  piece === CAPITAL ? '^' : joinPieces(['|', piece, '|']).slice(1, -1).replace(' ', '·');

// Examples between two reports of progress, where the work can be stopped.
const BATCH_SIZE = 256;
