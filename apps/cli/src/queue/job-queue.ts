import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { Queue, QueueEvents } from 'bullmq';
import { sha256 } from '../io/sha256.js';
import type { Ended, Failure, How, Job, JobKind } from '../jobs/job.js';
import { connect, type Connection } from './connect.js';

export interface QueueOptions {
  /** Address of Redis. */
  readonly url: string;
  readonly name: string;
  readonly onAway: (isAway: boolean) => void;
}

/** What is in a queue. */
export interface QueueCounts {
  readonly waiting: number;
  readonly underWay: number;
  readonly workers: number;
}

/**
 * Jobs of one kind that workers do, on whatever machines. The queue only says who does what: results are where the jobs keep them, so
 * nothing is lost with it, and what it forgets is put into it again.
 */
export class JobQueue<J extends Job> {
  readonly #connection: Connection;
  readonly #queue: Queue;
  readonly #events: QueueEvents;
  readonly #kind: JobKind<J>;
  /** Those that are waited for, by their keys. */
  readonly #waited = new Map<string, (ended: Ended | 'gone') => void>();
  /** Those that nobody waits for any more. */
  readonly #left = new Set<string>();
  readonly #looking = setInterval(() => void this.#look().catch(() => undefined), LOOK);

  private constructor(connection: Connection, queue: Queue, events: QueueEvents, kind: JobKind<J>) {
    this.#connection = connection;
    this.#queue = queue;
    this.#events = events;
    this.#kind = kind;
    // Redis that is away is told by its connection.
    queue.on('error', () => undefined);
    events.on('error', () => undefined);
    events.on('completed', ({ jobId }) => this.#end(jobId, { kind: 'done' }));
    events.on('failed', ({ jobId, failedReason }) => this.#end(jobId, { kind: 'failed', ...failureOf(failedReason) }));
  }

  /** @throws UsageError, HeedError QUEUE_UNAVAILABLE */
  static async open<J extends Job>({ url, name, onAway }: QueueOptions, kind: JobKind<J>): Promise<JobQueue<J>> {
    const connection = await connect(url, onAway);
    const { Queue, QueueEvents } = connection.bullmq;
    const queue = new Queue(name, { connection: connection.client });
    const events = new QueueEvents(name, { connection: connection.client });
    await events.waitUntilReady();
    return new JobQueue(connection, queue, events, kind);
  }

  /** Has a job done by a worker. */
  execute = async (job: J, { signal }: Pick<How, 'signal'>): Promise<Ended> => {
    const key = await keyOf(job);
    setMaxListeners(0, signal); // each job that is waited for is one
    for (;;) {
      if (await this.#kind.isKept(job)) return { kind: 'done' };
      if (signal.aborted) return { kind: 'interrupted' };
      const ended = await this.#wait(key, job, signal);
      if (ended === 'gone') continue;
      if (ended.kind === 'done' && !(await this.#appears(job))) return elsewhere(job);
      return ended;
    }
  };

  /** Takes back what it has put into the queue and no worker has begun. */
  async withdraw(): Promise<void> {
    for (const key of this.#left) {
      const job = await this.#queue.getJob(key);
      await job?.remove().catch(() => undefined); // a worker has begun it
    }
  }

  async counts(): Promise<QueueCounts> {
    const { active = 0, ...others } = await this.#queue.getJobCounts('active', 'waiting', 'delayed', 'prioritized');
    const waiting = Object.values(others).reduce((sum, count) => sum + count, 0);
    return { waiting, underWay: active, workers: (await this.#queue.getWorkers()).length };
  }

  async close(): Promise<void> {
    clearInterval(this.#looking);
    await Promise.allSettled([this.#events.close(), this.#queue.close()]);
    this.#connection.close();
  }

  /** Puts a job into the queue, where it is already if somebody else wants the same, and waits for its end. */
  async #wait(key: string, job: J, signal: AbortSignal): Promise<Ended | 'gone'> {
    const ended = new Promise<Ended | 'gone'>((resolve) => {
      this.#waited.set(key, resolve);
    });
    const stop = (): void => {
      this.#left.add(key);
      this.#end(key, { kind: 'interrupted' });
    };
    signal.addEventListener('abort', stop);
    try {
      const added = this.#queue.add(job.kind, job, {
        jobId: key,
        attempts: ATTEMPTS,
        backoff: { type: 'fixed', delay: BACKOFF },
        removeOnComplete: true,
        removeOnFail: true,
      });
      added.catch(() => undefined); // after an interruption nobody waits for it
      const first = await Promise.race([added, ended]);
      return typeof first === 'string' || 'kind' in first ? first : await ended;
    } finally {
      signal.removeEventListener('abort', stop);
      this.#waited.delete(key);
    }
  }

  #end(key: string, ended: Ended | 'gone'): void {
    this.#waited.get(key)?.(ended);
  }

  /** Looks for jobs that the queue doesn't have any more: their end wasn't heard, or the queue was lost. */
  async #look(): Promise<void> {
    const keys = [...this.#waited.keys()];
    const states = await Promise.all(keys.map((key) => this.#queue.getJobState(key)));
    for (const [n, key] of keys.entries()) if (states[n] === 'unknown') this.#end(key, 'gone');
  }

  /** A folder that machines share may show a file later than it was written. */
  async #appears(job: J): Promise<boolean> {
    for (const end = Date.now() + APPEARS; ; await pause(PAUSE)) {
      if (await this.#kind.isKept(job)) return true;
      if (Date.now() > end) return false;
    }
  }
}

// Milliseconds.
const LOOK = 5000;
const APPEARS = 20_000;
const PAUSE = 500;
const BACKOFF = 1000;

/** On how many workers a job may fail that may be well on another. */
const ATTEMPTS = 3;

/** What a job is called in the queue: all of it counts, where it is kept too. */
const keyOf = async (job: Job): Promise<string> =>
  (await sha256(new TextEncoder().encode(JSON.stringify(job)))).slice(0, 32);

const elsewhere = ({ folder }: Job): Ended => ({
  kind: 'failed',
  code: 'FILE_ACCESS',
  message: `a worker kept the result in ${folder}, and it isn't in that folder here`,
  hint: 'all machines need the same folder by the same path',
});

/** What a worker said of a job that failed; the queue itself fails jobs whose workers die again and again. */
function failureOf(said: string): Failure {
  try {
    const { code, message, hint } = JSON.parse(said) as Failure;
    return { code, message, ...(hint !== undefined && { hint }) };
  } catch {
    return { code: 'UNEXPECTED', message: said };
  }
}
