import { defineCommand } from '../command.js';
import { flag, type FlagsOf } from '../flag.js';
import { BROWSER_FLAGS, COMMON_FLAGS, UNUSED_SEED } from '../shared-flags.js';

const FLAGS = {
  backend: flag('<name>', 'only this one'),
  ...BROWSER_FLAGS,
  ...UNUSED_SEED,
  ...COMMON_FLAGS,
};

export type BackendsFlags = FlagsOf<typeof FLAGS>;

export const BACKENDS_COMMAND = defineCommand({
  usage: 'backends',
  about: 'Which backends there are, which can run here, and what each can do.',
  flags: FLAGS,
  examples: ['heed backends'],
  runs: 'here',
  load: async () => (await import('./backends.js')).backends,
});
