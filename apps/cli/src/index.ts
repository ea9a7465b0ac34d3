import type { HeedConfig } from './config/heed-config.js';
import type { Sweep } from './sweep/definition.js';

export type { HeedConfig };
export type { Draw, Settings, SettingValue, Sweep } from './sweep/definition.js';

/**
 * The configuration itself, with the types that an editor helps with: `export default defineConfig({ … })` in a file
 * `heed.config.ts`, `heed.config.js` or `heed.config.mjs`.
 */
export const defineConfig = (config: HeedConfig): HeedConfig => config;

/** The sweep itself, with the types that an editor helps with: `export default defineSweep({ … })` in a file for `heed sweep`. */
export const defineSweep = (sweep: Sweep): Sweep => sweep;
