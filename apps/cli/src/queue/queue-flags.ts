import { flag, needing, type FlagsOf } from '../flag.js';
import { InvalidValue } from '../flag-values.js';
import { UsageError } from '../usage-error.js';

/** Flags of commands that have work done by the workers of a queue. */
export const QUEUE_FLAGS = {
  redis: {
    ...flag(
      '<url>',
      'have it done by the workers of a queue on Redis or Valkey: redis://host:6379 (needs npm install bullmq ioredis)',
    ),
    env: 'HEED_REDIS',
  },
  queue: needing('redis', flag('<name>', 'name of the queue', queueName, 'heed')),
};

export type QueueFlags = FlagsOf<typeof QUEUE_FLAGS>;

/** @throws UsageError for flags that exclude one another */
export function checkQueueFlags({ redis, workers }: Pick<QueueFlags, 'redis'> & { readonly workers?: number }): void {
  if (redis === undefined || workers === undefined) return;
  throw new UsageError('--workers is of this machine', 'each worker of a queue has its own: heed worker --workers 4');
}

/** Its keys in Redis are parted by colons. */
function queueName(text: string): string {
  if (text === '' || text.includes(':')) throw new InvalidValue('It must be a name without a colon.');
  return text;
}
