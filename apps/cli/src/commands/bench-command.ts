import { defineCommand } from '../command.js';
import { flag, type FlagsOf } from '../flag.js';
import { BACKEND_FLAGS, COMMON_FLAGS, seed, size } from '../shared-flags.js';

/** Sizes of the ops, and symbols that are written, when nobody gives them. */
export const SIZES = { batch: 1, heads: 8, length: 256, width: 64 };
export const SYMBOLS = 64;

const FLAGS = {
  batch: flag('<number>', `B (default: ${SIZES.batch})`, size),
  heads: flag('<number>', `H (default: ${SIZES.heads})`, size),
  length: flag('<number>', `T, of queries and of keys (default: ${SIZES.length})`, size),
  width: flag('<number>', `D, or U of additive attention (default: ${SIZES.width})`, size),
  decode: flag(
    '<run>',
    'time how many symbols a second a model writes, with its cache and without: of a run’s folder, or the one that is shipped for a task',
  ),
  symbols: flag('<number>', `symbols of a turn with --decode (default: ${SYMBOLS})`, size),
  rounds: flag('<number>', 'turns of each backend that count', size, 5),
  seed: seed('of the numbers, and of the symbols that are drawn', 1),
  ...BACKEND_FLAGS,
  backend: flag('<name>', ({ backends }) => `${backends.names.join(', ')} (default: all that need no browser)`),
  ...COMMON_FLAGS,
};

export type BenchFlags = FlagsOf<typeof FLAGS>;

export const BENCH = defineCommand({
  usage: 'bench',
  about:
    'Time the backends that can run here on the same problems, taking turns: ops of some sizes, or a model that writes.',
  flags: FLAGS,
  examples: [
    'heed bench --length 512',
    'heed bench --backend wasm --threads 1 --json',
    'heed bench --decode generate --backend wasm',
  ],
  runs: 'on its backend',
  load: async () => (await import('./bench.js')).bench,
});
