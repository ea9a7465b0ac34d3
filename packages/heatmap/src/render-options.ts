import type { OptionNames } from '@heed/base';
import { DOMAIN_OPTIONS, type DomainOptions } from './attention-map.js';
import type { MapWords } from './words.js';

/** What every drawing takes: its scale and its words. */
export interface RenderOptions extends DomainOptions {
  /** Default: English. */
  readonly words?: MapWords;
}

export const RENDER_OPTIONS: OptionNames<RenderOptions> = { ...DOMAIN_OPTIONS, words: true };
