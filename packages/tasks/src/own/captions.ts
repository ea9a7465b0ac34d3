import { checkOptions, HeedError, show } from '@heed/core';
import {
  captionFilesOf,
  CAPTIONS_SETTINGS,
  loadCaptions,
  PICTURE_ENDINGS,
  type CaptionsDataset,
  type CaptionsSettings,
} from '@heed/datasets';
import type { CaptionInput } from '../caption/captioned.js';
import { captioning, type drawnCaptioner } from '../caption/captioning.js';
import { figuresOf } from '../caption/figures.js';
import { defineTask } from '../define-task.js';
import type { Task } from '../task.js';
import { filesOf, loading } from './files-wanted.js';
import type { OwnKind, TaskFolder } from './own-kind.js';
import { ownCaptionPresets } from './presets.js';
import { settingsFrom } from './settings.js';

/** Settings of a task of pictures with captions, the table of their files, and as `beside` the pictures. */
export interface CaptionsTaskOptions extends TaskFolder, Omit<CaptionsSettings, 'seed'> {}

export type CaptionsTask = Task<typeof drawnCaptioner, CaptionInput, CaptionsDataset>;

const { seed: _seed, ...SETTINGS } = CAPTIONS_SETTINGS;

/** Language tags as tables may have them. */
const TAG = /^[a-z]{2,3}(?:-[a-z0-9]{2,8})*$/;

/**
 * A task that is learnt from somebody's own pictures with their captions, in any languages.
 *
 * @throws HeedError UNKNOWN_OPTION; INVALID_ARGUMENT for settings that are out of range
 */
export function defineCaptions(options: CaptionsTaskOptions): CaptionsTask {
  const { data, validation, test, beside, ...settings } = options;
  checkOptions('defineCaptions', settings, SETTINGS);
  return defineTask<typeof drawnCaptioner, CaptionInput, CaptionsDataset>({
    // What languages there are the data say, and the model knows: figures are means over them.
    ...captioning({ figures: figuresOf([]), checkLanguage }),
    name: 'captions',
    title: 'Pictures with captions',
    description:
      'Give a picture, get a caption as your pictures have them, and see for each word where the model looked, and whether it looked at all.',
    limits: [
      'It knows what its pictures show, and nothing else: of any picture it says what its captions say.',
      'It was judged on pictures of the same folder, which are like those that it learnt from.',
      'It sees 64 by 64 pixels: what is smaller in a picture, it cannot tell.',
    ],
    unit: 'captions',
    example: 'und',
    multiline: false,
    presets: ownCaptionPresets,
    plain: 'none',
    async load(given) {
      const { seed, how } = loading('captions', given);
      const files = { ...filesOf('captions', { data, validation, test }), ...(beside !== undefined && { beside }) };
      return loadCaptions(captionFilesOf(files), { ...settings, seed }, how);
    },
    configure({ model }, { symbols, languages }, seed) {
      return { ...model, targetSymbols: symbols, languages, seed };
    },
    write: (input) => ('file' in input ? `${input.language}: ${String(input.file)}` : input.language),
  });
}

function checkLanguage(language: string): string {
  if (TAG.test(language)) return language;
  throw new HeedError('INVALID_ARGUMENT', {
    message: `captions: the language is ${show(language)}`,
    hint: "a tag such as en, de, zh or pt-br; 'und' for captions whose table has none",
    details: { language },
  });
}

/** Pictures with captions as a kind of task. */
export const captions: OwnKind = {
  name: 'captions',
  title: 'Pictures with captions',
  description:
    'A table (TSV, CSV or JSON Lines) of files beside it, PNG, JPEG or WebP, with a caption each, and perhaps its language: a model describes a picture.',
  beside: PICTURE_ENDINGS,
  settings: Object.keys(SETTINGS),
  define: (files, settings) =>
    defineCaptions({ ...settingsFrom<Omit<CaptionsSettings, 'seed'>>('captions', settings, SETTINGS), ...files }),
};
