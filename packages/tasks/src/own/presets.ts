import { presets as sized, type language, type classifier, type recurrent, type transformer } from '@heed/networks';
import { presets as ofSpeeches } from '../generate/presets.js';
import { presets as ofMails } from '../spam/presets.js';
import { presets as ofTexts } from '../translate/presets.js';
import type { Preset } from '../task.js';

type Table<N extends typeof language | typeof classifier | typeof recurrent | typeof transformer> = Readonly<
  Record<string, Preset<N>>
>;

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
