import { defineConfig } from '@heed/cli';
import { g2p } from '@heed/tasks';
import { loadReversed } from './reversed.js';

/** The network and the settings of g2p on other words: for tests of runs, whatever is learnt in them. */
const reversed = { ...g2p, name: 'reversed', load: loadReversed };

export default defineConfig({ tasks: [reversed] });
