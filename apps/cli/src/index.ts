import type { HeedConfig } from './config/heed-config.js';

export type { HeedConfig };

/**
 * The configuration itself, with the types that an editor helps with: `export default defineConfig({ … })` in a file
 * `heed.config.ts`, `heed.config.js` or `heed.config.mjs`.
 */
export const defineConfig = (config: HeedConfig): HeedConfig => config;
