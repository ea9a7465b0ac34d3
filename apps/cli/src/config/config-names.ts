/** What a configuration file is called in the working folder. Folders above are not searched. */
export const CONFIG_NAMES = ['heed.config.ts', 'heed.config.js', 'heed.config.mjs'];
