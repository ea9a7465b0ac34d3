import { defineCommand } from '../command.js';
import { flag, type FlagsOf } from '../flag.js';
import { MOST_VALUES } from '../eval/interval.js';
import { FILE_FLAGS } from '../own/own-flags.js';
import { wholeNumber } from '../flag-values.js';
import { BACKEND_FLAGS, COMMON_FLAGS, beam, seed } from '../shared-flags.js';
import { SHARD_FLAGS } from '../shards/shard-flags.js';

const FLAGS = {
  split: flag(
    '<name>',
    'which examples: test, validation, train, or one of several test sets by its name',
    String,
    'test',
  ),
  limit: flag('<number>', 'only so many examples, chosen by the seed', wholeNumber({ least: 1 })),
  beam,
  compare: flag(
    '<name>',
    'train and judge this beside it for the same steps: none (no attention), a preset, a kind of attention',
  ),
  seeds: flag(
    '<number>',
    'train both with so many seeds, for intervals (default: 1)',
    wholeNumber({ least: 1, most: MOST_VALUES }),
  ),
  out: flag('<folder>', 'where models of --compare and --seeds are kept (default: <run>-compared)'),
  ...FILE_FLAGS,
  ...SHARD_FLAGS,
  seed: seed('which examples --limit takes', 1),
  ...BACKEND_FLAGS,
  ...COMMON_FLAGS,
};

export type EvalFlags = FlagsOf<typeof FLAGS>;

export const EVAL = defineCommand({
  usage: 'eval <run>',
  about:
    'How good a model is, of a run’s folder or the one that is shipped for a task, beside the simplest guesses; and ' +
    'how far its confidence can be trusted, for which it calibrates a run that isn’t.',
  flags: FLAGS,
  examples: [
    'heed eval g2p',
    'heed eval runs/g2p --limit 1000 --beam 4',
    'heed eval caption --split combinations',
    'heed eval runs/pairs --compare none --seeds 3',
    'heed eval runs/g2p --shards 16 --redis redis://host:6379 --cache /shared/shards',
  ],
  runs: 'on its backend',
  load: async () => (await import('./eval.js')).evaluateRun,
  loadSharded: async () => (await import('./eval-in-shards.js')).evaluateInShards,
});
