import { flag } from '../flag.js';
import { InvalidValue } from '../flag-values.js';

/** Flags of commands that have work done by the workers of a queue. */
export const QUEUE_FLAGS = {
  redis: {
    ...flag(
      '<url>',
      'have it done by the workers of a queue on Redis or Valkey: redis://host:6379 (needs npm install bullmq ioredis)',
    ),
    env: 'HEED_REDIS',
  },
  queue: flag('<name>', 'name of the queue', queueName, 'heed'),
};

/** Its keys in Redis are parted by colons. */
function queueName(text: string): string {
  if (text === '' || text.includes(':')) throw new InvalidValue('It must be a name without a colon.');
  return text;
}
