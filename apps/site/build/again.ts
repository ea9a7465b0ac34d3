import type { Plugin } from 'vitepress';
import { collectAgain, collected } from './collect.js';

/** Plugin of Vite: what is written in the repository is seen on the page at once. */
export const again: Plugin = {
  name: 'heed:collect-again',
  apply: 'serve',
  configureServer({ watcher }) {
    watcher.add(collected());
    watcher.on('change', collectAgain);
  },
};
