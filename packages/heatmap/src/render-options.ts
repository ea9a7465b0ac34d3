import type { OptionNames } from '@heed/base';
import { DOMAIN_OPTIONS, type DomainOptions } from './attention-map.js';
import type { MapWords } from './words.js';

/** Options of every renderer that draws: scale and words. */
export interface RenderOptions extends DomainOptions {
  /** Words that the map says by itself. Default: English. */
  readonly words?: MapWords;
}

export const RENDER_OPTIONS: OptionNames<RenderOptions> = { ...DOMAIN_OPTIONS, words: true };
