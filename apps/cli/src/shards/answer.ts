import { availableParallelism } from 'node:os';
import { EXIT, type ExitCode } from '../exit-codes.js';
import type { Host } from '../host.js';
import type { Range } from '../inputs.js';
import { describeError, toldBy } from '../io/errors.js';
import type { Ended, Executor, Failure } from '../jobs/job.js';
import { onceMore } from '../jobs/once-more.js';
import { openQueue } from '../queue/open-queue.js';
import { idsOf } from './identity.js';
import type { ShardFlags } from './shard-flags.js';
import { SHARDS, type Shard } from './shard.js';
import { ShardStore, type ShardEvent } from './store.js';
import type { What } from './what.js';

/** Work that ended before all was done: by somebody, or since a shard failed. What is done is kept. */
class EndedEarly extends Error {
  readonly failure: Failure | undefined;

  constructor(failure?: Failure) {
    super(failure?.message);
    this.failure = failure;
  }
}

/** Tells why work in shards ended early; throws what ended it otherwise. */
export function tellEnd({ output }: Host, error: unknown): ExitCode {
  if (!(error instanceof EndedEarly)) throw error;
  const { failure } = error;
  if (failure === undefined) {
    output.note('not all is done; the same command goes on');
    return EXIT.interrupted;
  }
  output.event({ event: 'error', ...failure });
  const exit = EXITS[failure.code] ?? EXIT.failure;
  output.error({ ...failure, exit });
  return exit;
}

const EXITS: Readonly<Record<string, ExitCode>> = {
  USAGE: EXIT.usage,
  BACKEND_UNAVAILABLE: EXIT.backendUnavailable,
};

/**
 * Has a command's work done in shards, by processes of this machine or by the workers of a queue, and gives the events of each as soon as
 * those before are there: in the order of the inputs, each once.
 *
 * @param total number of inputs or examples
 * @throws what `tellEnd` tells
 */
export async function* answered(
  host: Host,
  what: Omit<What, 'range'>,
  total: number,
  flags: ShardFlags,
): AsyncGenerator<readonly ShardEvent[]> {
  const { output } = host;
  const store = new ShardStore(flags.cache ?? 'shards');
  await store.open(host);
  const shards = await shardsOf(host, what, total, flags.shards!, store);
  const queue = await openQueue(host, flags, SHARDS);
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
      execute: queue?.execute ?? onceMore((shard, how) => SHARDS.perform(host, shard, how)),
      signal: AbortSignal.any([interrupt.signal, failed.signal]),
    });
    for (const [n, { id }] of shards.entries()) {
      output.progress({ done: n, total: shards.length, unit: 'shard' });
      const ended = await ends[n]!;
      if (ended.kind === 'failed') {
        const { kind: _, ...failure } = ended;
        throw new EndedEarly({ ...failure, message: `shard ${n + 1} of ${shards.length}: ${failure.message}` });
      }
      if (ended.kind !== 'done') throw new EndedEarly();
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
