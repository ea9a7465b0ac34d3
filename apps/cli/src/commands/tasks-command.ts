import { defineCommand } from '../command.js';
import { COMMON_FLAGS, UNUSED_BACKEND, UNUSED_SEED } from '../shared-flags.js';

export const TASKS = defineCommand({
  usage: 'tasks',
  about: 'What there is to learn: data, licence, presets, and the trained model that comes with Heed.',
  flags: { ...UNUSED_SEED, ...UNUSED_BACKEND, ...COMMON_FLAGS },
  examples: ['heed tasks --json'],
  runs: 'here',
  load: async () => (await import('./tasks.js')).listTasks,
});
