import { availableParallelism } from 'node:os';
import { ERROR_CODES, HeedError, type ErrorCode } from '@heed/base';
import type { Host } from '../host.js';
import type { Range } from '../inputs.js';
import { describeError, toldBy } from '../io/errors.js';
import type { Ended, Executor, Failure } from '../jobs/job.js';
import { JobQueue } from '../queue/job-queue.js';
import { awayInWords } from '../queue/words.js';
import { UsageError } from '../usage-error.js';
import { idsOf } from './identity.js';
import type { ShardFlags } from './shard-flags.js';
import { SHARDS, type Shard } from './shard.js';
import { ShardStore, type ShardEvent } from './store.js';
import type { What } from './what.js';

/** Somebody ended the work before it was done. What is done is kept. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/**
 * Has a command's work done in shards, by processes of this machine or by the workers of a queue, and gives the events of each as soon as
 * those before are there: in the order of the inputs, each once.
 *
 * @param total number of inputs or examples
 * @throws Interrupted; what shards failed for
 */
export async function* answered(
  host: Host,
  what: Omit<What, 'range'>,
  total: number,
  flags: ShardFlags,
): AsyncGenerator<readonly ShardEvent[]> {
  const { output } = host;
  const store = new ShardStore(flags.cache ?? 'shards');
  await store.open();
  const shards = await shardsOf(host, what, total, flags.shards!, store);
  const queue = flags.redis === undefined ? undefined : await queueOf(host, flags);
  const interrupt = host.interruptible(
    queue === undefined
      ? 'stopping; once more ends it at once'
      : 'the workers go on; the same command takes up what they have',
  );
  const failed = new AbortController();
  try {
    const ends = startAll(shards, {
      store,
      // A queue is given all that there is.
      workers: queue === undefined ? (flags.workers ?? availableParallelism()) : Infinity,
      execute: queue?.execute ?? ((shard, how) => SHARDS.perform(host, shard, how)),
      signal: AbortSignal.any([interrupt.signal, failed.signal]),
    });
    for (const [n, { id }] of shards.entries()) {
      output.progress({ done: n, total: shards.length, unit: 'shard' });
      const ended = await ends[n]!;
      if (ended.kind === 'failed') throw errorOf(ended);
      if (ended.kind !== 'done') throw new Interrupted('interrupted');
      yield (await store.events(id))!;
    }
    output.endProgress();
  } finally {
    // Whatever goes on is of no use where one has failed, or nobody wants more.
    failed.abort();
    if (!interrupt.signal.aborted) await queue?.withdraw();
    await queue?.close();
    interrupt.release();
  }
}

const queueOf = ({ output }: Host, { redis, queue }: ShardFlags): Promise<JobQueue<Shard>> =>
  JobQueue.open({ url: redis!, name: queue, onAway: (isAway) => output.note(awayInWords(isAway)) }, SHARDS);

async function shardsOf(
  host: Host,
  what: Omit<What, 'range'>,
  total: number,
  count: number,
  { path }: ShardStore,
): Promise<readonly Shard[]> {
  const ranges = dividing(total, count);
  const ids = await idsOf(host, what, ranges);
  const { command, run, flags } = what;
  return ranges.map((range, n) => ({ kind: 'shard', id: ids[n]!, folder: path, command, run, flags, range }));
}

/** Ranges of almost equal lengths, none of them empty. */
export function dividing(total: number, count: number): readonly Range[] {
  const parts = Math.min(total, count);
  const start = (n: number): number => Math.floor((n * total) / parts);
  return Array.from({ length: parts }, (_, n) => ({ from: start(n), to: start(n + 1) }));
}

interface Starting {
  readonly store: ShardStore;
  readonly workers: number;
  readonly execute: Executor<Shard>;
  readonly signal: AbortSignal;
}

/** Does shards, several at a time, and begins with the first. */
function startAll(shards: readonly Shard[], { store, workers, execute, signal }: Starting): readonly Promise<Ended>[] {
  const tell: ((ended: Promise<Ended>) => void)[] = [];
  const ends = shards.map((_, n) => new Promise<Ended>((resolve) => (tell[n] = resolve)));
  let next = 0;
  const work = async (): Promise<void> => {
    for (let n = next++; n < shards.length; n = next++) {
      const ended = attempt(shards[n]!);
      tell[n]!(ended);
      await ended;
    }
  };
  const attempt = async (shard: Shard): Promise<Ended> => {
    try {
      if ((await store.events(shard.id)) !== undefined) return { kind: 'done' };
      if (signal.aborted) return { kind: 'interrupted' };
      return await execute(shard, { signal, onStep() {} });
    } catch (error) {
      return { kind: 'failed', ...toldBy(describeError(error)) };
    }
  };
  for (let n = 0; n < Math.min(workers, shards.length); n++) void work();
  return ends;
}

/** What a shard failed for, as this process would have thrown it. */
function errorOf({ code, message, hint }: Failure): Error {
  if (code === 'USAGE') return new UsageError(message, hint);
  const isKnown = (ERROR_CODES as readonly string[]).includes(code);
  return isKnown
    ? new HeedError(code as ErrorCode, { message, ...(hint !== undefined && { hint }) })
    : new Error(message);
}
