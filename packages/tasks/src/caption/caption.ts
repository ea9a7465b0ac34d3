import { HeedError, show } from '@heed/core';
import { CAPTION_LANGUAGES, loadCaption, type CaptionDataset } from '@heed/datasets';
import { defineTask } from '../define-task.js';
import type { CaptionInput } from './captioned.js';
import { captioning, type drawnCaptioner } from './captioning.js';
import { figuresOf } from './figures.js';
import { captionPresets } from './presets.js';

const NAMES = { en: 'English', de: 'German', fr: 'French', zh: 'Chinese' } as const;

const LANGUAGES: readonly string[] = CAPTION_LANGUAGES;

/** Captions of small drawn pictures, in English, German, French and Chinese with one model. */
export const caption = defineTask<typeof drawnCaptioner, CaptionInput, CaptionDataset>({
  ...captioning({
    figures: figuresOf(CAPTION_LANGUAGES.map((language) => ({ language, name: NAMES[language] }))),
    checkLanguage(language) {
      if (LANGUAGES.includes(language)) return language;
      throw new HeedError('INVALID_ARGUMENT', {
        message: `caption: the language is ${show(language)}`,
        hint: `one of ${LANGUAGES.join(', ')}`,
        details: { language, languages: LANGUAGES },
      });
    },
  }),
  name: 'caption',
  title: 'Captions of pictures',
  description:
    'Give a picture, get its name in English, German, French or Chinese, and see for each word where the model looked, and whether it looked at all.',
  limits: [
    'It learnt from emoji in two styles of drawing, and nothing else: of a photograph it says the emoji that its colours remind it of.',
    'What it has never seen it names after what looks alike: most names of concepts that are new to it are wrong.',
    'Names are those of CLDR, with what they say about people: a skin tone, a gender, a role.',
  ],
  unit: 'captions',
  example: 'en',
  multiline: false,
  presets: captionPresets,
  plain: 'none',
  load: loadCaption,
  configure({ model }, { symbols, languages }, seed) {
    return { ...model, targetSymbols: symbols, languages, seed };
  },
  write: (input) => ('emoji' in input ? `${input.language}: ${String(input.emoji)}` : input.language),
});
