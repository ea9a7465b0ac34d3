import { isAbsolute, relative, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { HeedError } from '@heed/base';
import type { Job as Queued } from 'bullmq';
import type { Host } from '../host.js';
import { describeError, toldBy } from '../io/errors.js';
import { KILLED } from '../jobs/apart.js';
import type { Ended, Failure, Job } from '../jobs/job.js';
import { JOB_KINDS } from '../jobs/kinds.js';
import { connect } from './connect.js';
import { isS3, isWithinS3 } from '../sweep/places/s3-address.js';
import type { QueueOptions } from './job-queue.js';

export interface WorkOptions extends QueueOptions {
  /** How many jobs at a time. */
  readonly workers: number;
  /** Seconds after which a worker that says nothing has lost its job. */
  readonly patience: number;
  /** Folders, beside the working one, into which jobs may write. */
  readonly folders: readonly string[];
  /** Seconds without a job after which it ends; it waits for ever without. */
  readonly idle: number | undefined;
  readonly signal: AbortSignal;
  readonly onReady: () => void;
  /** It wasn't asked for anything that it may do. */
  readonly onRefused: (why: Failure) => void;
  readonly onBegun: (job: Job) => void;
  readonly onEnded: (job: Job, ended: Ended) => void;
}

/**
 * Does jobs of a queue until it is stopped, or has had none for long. This process does nothing but that: each job runs in one of its own,
 * so that the locks of jobs are renewed whatever they compute.
 *
 * @returns why it can do no more here, if that is why it ended
 */
export async function work(host: Host, options: WorkOptions): Promise<Failure | undefined> {
  const { url, name, onAway, workers, patience, idle, signal, onReady, onRefused, onBegun, onEnded } = options;
  const connection = await connect(url, onAway);
  const { Worker, UnrecoverableError, WaitingError, DelayedError } = connection.bullmq;
  const unfit = new AbortController();
  const ending = AbortSignal.any([signal, unfit.signal]);
  let underWay = 0;
  let lastJob = Date.now();
  let why: Failure | undefined;

  const isIdle = (): boolean => underWay === 0 && Date.now() - lastJob > (idle ?? Infinity) * 1000;

  const handle = async (queued: Queued, token?: string): Promise<void> => {
    underWay++;
    const ended = await attempt(queued);
    underWay--;
    lastJob = Date.now();
    if (ended.kind === 'interrupted') {
      await queued.moveToWait(token);
      throw new WaitingError();
    }
    if (ended.kind === 'held') {
      await queued.moveToDelayed(Date.now() + PAUSE, token);
      throw new DelayedError();
    }
    if (ended.kind === 'failed') {
      const { kind: _, ...failure } = ended;
      const said = JSON.stringify(failure);
      if (!UNFIT.has(failure.code)) throw failure.code === KILLED ? new Error(said) : new UnrecoverableError(said);
      why = failure;
      unfit.abort();
      throw new Error(said);
    }
  };

  async function attempt(queued: Queued): Promise<Ended> {
    try {
      const job = checked(queued, options);
      const { isKept, perform } = kindOf(queued);
      // Somebody may have done it since.
      if (await isKept(job)) return { kind: 'done' };
      onBegun(job);
      const ended = await perform(host, job, { signal: ending, onStep() {} });
      onEnded(job, ended);
      return ended;
    } catch (error) {
      const refusal = toldBy(describeError(error));
      onRefused(refusal);
      return { kind: 'failed', ...refusal };
    }
  }

  const worker = new Worker(name, handle, {
    connection: connection.client,
    concurrency: workers,
    lockDuration: patience * 1000,
    stalledInterval: patience * 1000,
    maxStalledCount: MOST_STALLS,
    // Where nothing is to do, how soon Ctrl-C is heard.
    drainDelay: 1,
  });
  worker.on('error', () => undefined); // Redis that is away is told by its connection
  try {
    await worker.waitUntilReady();
    onReady();
    while (!ending.aborted && !isIdle()) await pause(PAUSE, undefined, { signal: ending }).catch(() => undefined);
  } finally {
    // Until the jobs under way have ended, which were told to.
    await worker.close();
    connection.close();
  }
  return why;
}

// Milliseconds.
const PAUSE = 1000;
// A job whose workers die so often isn't given to another.
const MOST_STALLS = 10;

/** Codes of failures that tell of a machine more than of a job: another one may do it, and this one shouldn't try the next. */
const UNFIT: ReadonlySet<string> = new Set(['FILE_ACCESS', 'DATA_MISSING', 'BACKEND_UNAVAILABLE', 'JOB_MISMATCH']);

/** @throws HeedError CONFIG_INVALID */
function kindOf({ name }: Queued): (typeof JOB_KINDS)[number] {
  const found = JOB_KINDS.find(({ kind }) => kind === name);
  if (found === undefined)
    throw new HeedError('CONFIG_INVALID', { message: `there are no jobs of the kind '${name}'` });
  return found;
}

/**
 * A job that may be done here: whoever can write to the queue says what is computed, and nothing else.
 *
 * @throws HeedError CONFIG_INVALID
 */
function checked(queued: Queued, { folders }: WorkOptions): Job {
  const job = kindOf(queued).check(queued.data);
  if (['.', ...folders].some((folder) => isWithin(job.folder, folder))) return job;
  throw new HeedError('CONFIG_INVALID', {
    message: `a job would write to ${job.folder}, which this worker wasn't given`,
    hint: `--folder ${job.folder}`,
  });
}

function isWithin(path: string, folder: string): boolean {
  if (isS3(path) || isS3(folder)) return isWithinS3(path, folder);
  const from = relative(resolve(folder), resolve(path));
  return from === '' || (!from.startsWith('..') && !isAbsolute(from));
}
