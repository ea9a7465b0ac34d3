import { defineCommand } from '../command.js';
import { flag, type FlagsOf } from '../flag.js';
import { BACKEND_FLAGS, COMMON_FLAGS, seed, size } from '../shared-flags.js';

const FLAGS = {
  batch: flag('<number>', 'B', size, 1),
  heads: flag('<number>', 'H', size, 8),
  length: flag('<number>', 'T, of queries and of keys', size, 256),
  width: flag('<number>', 'D, or U of additive attention', size, 64),
  rounds: flag('<number>', 'turns of each backend that count', size, 5),
  seed: seed('of the numbers', 1),
  ...BACKEND_FLAGS,
  ...COMMON_FLAGS,
};

export type BenchFlags = FlagsOf<typeof FLAGS>;

export const BENCH = defineCommand({
  usage: 'bench',
  about: 'Time the backends that can run here on the same problems, taking turns.',
  flags: FLAGS,
  examples: ['heed bench --length 512', 'heed bench --backend wasm --threads 1 --json'],
  runs: 'on its backend',
  load: async () => (await import('./bench.js')).bench,
});
