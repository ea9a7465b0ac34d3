import { HeedError } from '@heed/base';
import type * as BullMQ from 'bullmq';
import type * as IORedis from 'ioredis';
import { UsageError } from '../usage-error.js';

/** A connection to Redis, or to Valkey, with the library that keeps queues there. */
export interface Connection {
  readonly bullmq: typeof BullMQ;
  readonly client: IORedis.Redis;
  close(): void;
}

/**
 * Connects to Redis. Later it connects again by itself whenever it was away.
 *
 * @param onAway called when it is away, and again when it is back
 * @throws UsageError without the packages, or for what is no address; HeedError QUEUE_UNAVAILABLE
 */
export async function connect(url: string, onAway: (isAway: boolean) => void): Promise<Connection> {
  const shown = withoutPassword(url);
  const [bullmq, { Redis }] = await packages();
  // Requests wait until it is back.
  const client = new Redis(url, { maxRetriesPerRequest: null, lazyConnect: true, retryStrategy: () => RETRY });
  let last: unknown;
  let isAway = false;
  client.on('error', (error) => {
    last = error;
  });
  try {
    await Promise.race([client.connect().then(() => client.ping()), failed(client)]);
  } catch (error) {
    client.disconnect();
    throw new HeedError('QUEUE_UNAVAILABLE', {
      message: `${shown} gives no queue: ${((last ?? error) as Error).message}`,
      hint: 'is Redis or Valkey running there, and are name and password right?',
      details: { address: shown },
      cause: error,
    });
  }
  const tell = (isNow: boolean) => (): void => {
    if (isNow !== isAway) onAway((isAway = isNow));
  };
  const gone = tell(true);
  client.on('close', gone);
  client.on('ready', tell(false));
  return {
    bullmq,
    client,
    close() {
      client.off('close', gone);
      client.disconnect();
    },
  };
}

// Milliseconds between tries to connect again.
const RETRY = 1000;

/** The first try counts: who typed a wrong address wants to know. */
const failed = (client: IORedis.Redis): Promise<never> =>
  new Promise((_, reject) => {
    client.once('error', reject);
  });

async function packages(): Promise<[typeof BullMQ, Pick<typeof IORedis, 'Redis'>]> {
  try {
    return await Promise.all([import('bullmq'), import('ioredis')]);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new UsageError("--redis needs two packages that aren't installed", 'npm install bullmq ioredis');
  }
}

function withoutPassword(url: string): string {
  if (!URL.canParse(url) || !['redis:', 'rediss:'].includes(new URL(url).protocol)) {
    throw new UsageError("--redis takes an address such as 'redis://host:6379'", 'rediss:// for TLS');
  }
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}
