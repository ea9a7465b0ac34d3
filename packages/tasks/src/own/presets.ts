import {
  presets as sized,
  type captioner,
  type classifier,
  type language,
  type recurrent,
  type transformer,
} from '@heed/networks';
import { captionPresets as ofEmoji } from '../caption/presets.js';
import { presets as ofSpeeches } from '../generate/presets.js';
import { presets as ofMails } from '../spam/presets.js';
import { presets as ofTexts } from '../translate/presets.js';
import type { Preset } from '../task.js';

type Table<N extends typeof captioner | typeof language | typeof classifier | typeof recurrent | typeof transformer> =
  Readonly<Record<string, Preset<N>>>;

/** Presets of pairs: those of the built-in tasks whose data are of that kind, so that figures can be compared. */
export const pairPresets: Table<typeof recurrent | typeof transformer> = {
  standard: { title: 'additive attention', ...sized.standard },
  small: { title: "Luong's general attention", ...sized.small },
  copying: ofTexts['attention'],
  transformer: ofTexts['transformer'],
  none: {
    title: 'no attention',
    ...sized.standard,
    model: { ...sized.standard.model, attention: { kind: 'none' } },
  },
};

export const labelPresets: Table<typeof classifier> = ofMails;

export const textPresets: Table<typeof language> = ofSpeeches;

/**
 * Presets of pictures with captions: those of the built-in task, which may end early. A folder has some hundreds of pictures where that
 * task has ten thousand, and learns them by heart in a part of its steps: then the best parameters on validation are kept.
 */
export const ownCaptionPresets: Table<typeof captioner> = Object.fromEntries(
  Object.entries(ofEmoji).map(([name, preset]) => [
    name,
    { ...preset, training: { ...preset.training, warmupSteps: 100, evaluateEvery: 250, patience: 6 } },
  ]),
);
