import { defineCommand } from '../command.js';
import type { FlagsOf } from '../flag.js';
import { COMMON_FLAGS, UNUSED_BACKEND, seed } from '../shared-flags.js';

const FLAGS = { seed: seed('of the split', 1), ...UNUSED_BACKEND, ...COMMON_FLAGS };

export type DataFlags = FlagsOf<typeof FLAGS>;

export const DATA = defineCommand({
  usage: 'data [task]',
  about: 'What a task’s data is: source, licence, counts, and how it was cleaned and split.',
  flags: FLAGS,
  examples: ['heed data g2p'],
  runs: 'here',
  load: async () => (await import('./data.js')).data,
});
