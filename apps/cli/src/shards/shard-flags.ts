import { flag, needing, type FlagsOf } from '../flag.js';
import { range, wholeNumber } from '../flag-values.js';
import { QUEUE_FLAGS, checkQueueFlags } from '../queue/queue-flags.js';
import type { BACKEND_FLAGS } from '../shared-flags.js';
import { UsageError } from '../usage-error.js';

/** Flags of commands whose inputs or examples can be divided among processes. */
export const SHARD_FLAGS = {
  shards: flag(
    '<number>',
    'divide the work into so many parts, each done by a process of its own; the same command goes on where it was stopped',
    wholeNumber({ least: 1, most: 100_000 }),
  ),
  workers: needing(
    'shards',
    flag(
      '<number>',
      'shards at a time on this machine (default: one for each processor)',
      wholeNumber({ least: 1, most: 1024 }),
    ),
  ),
  cache: needing(
    'shards',
    flag('<folder>', 'where finished shards are kept, for whoever needs the same once more (default: shards)'),
  ),
  redis: needing('shards', QUEUE_FLAGS.redis),
  queue: needing('shards', QUEUE_FLAGS.queue),
  // For the process that does a shard.
  range: { ...flag('<from:to>', 'only these inputs or examples', range), isHidden: true as const },
};

export type ShardFlags = FlagsOf<typeof SHARD_FLAGS>;

/** What a shard's process is told of the backend. */
type Chosen = FlagsOf<Pick<typeof BACKEND_FLAGS, 'backend' | 'threads' | 'browser'>>;

/** @throws UsageError for flags that exclude one another */
export function checkShardFlags(flags: ShardFlags & Chosen): void {
  checkQueueFlags(flags);
  const { browser, range } = flags;
  if (browser !== undefined)
    throw new UsageError('--browser means nothing with --shards', 'set CHROME_PATH where shards are done');
  if (range !== undefined) throw new UsageError('--range and --shards exclude one another');
}
