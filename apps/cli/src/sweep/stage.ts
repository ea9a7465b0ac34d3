import { setTimeout as pause } from 'node:timers/promises';
import type { Ended, Executor, Failure } from '../jobs/job.js';
import type { Limits } from './limits.js';
import { trainingOf, type Job, type Plan } from './plan.js';
import type { Store } from './store.js';
import type { Finished } from './summary.js';
import type { Training } from './training.js';

/** What the stages of a sweep have in common. */
export interface Stages {
  readonly plan: Plan;
  readonly store: Store;
  /** How many train at a time. */
  readonly workers: number;
  readonly execute: Executor<Training>;
  readonly signal: AbortSignal;
  readonly onFinished: (one: Finished, isNew: boolean) => void;
  readonly onFailed: (job: Job, failure: Failure) => void;
  readonly onProgress: (state: Progress) => void;
}

/** Where a stage stands. */
interface Progress {
  readonly done: number;
  readonly total: number;
  readonly underWay: number;
}

export interface Outcome {
  readonly finished: readonly Finished[];
  /** How many of them had no result before. */
  readonly fresh: number;
  readonly failed: number;
  /** Whether every training has ended. */
  readonly isWhole: boolean;
}

/** Trains jobs within limits, several at a time, in their order, until `most` have ended. */
export async function stage(
  { plan, store, workers, execute, signal, onFinished, onFailed, onProgress }: Stages,
  jobs: readonly Job[],
  limits: Limits,
  most: number,
): Promise<Outcome> {
  const finished: Finished[] = [];
  const waiting: Job[] = [];
  const results = await Promise.all(jobs.map((job) => store.result(job, limits)));
  for (const [n, job] of jobs.entries()) {
    const result = results[n];
    if (result === undefined) waiting.push(job);
    else end({ job, result }, false);
  }
  const known = finished.length;
  let failed = 0;
  let started = 0;
  let underWay = 0;
  tell();
  await Promise.all(Array.from({ length: Math.min(workers, waiting.length) }, work));
  return { finished, fresh: finished.length - known, failed, isWhole: finished.length + failed === jobs.length };

  function tell(): void {
    onProgress({ done: finished.length + failed, total: jobs.length, underWay });
  }

  function end(one: Finished, isNew: boolean): void {
    finished.push(one);
    onFinished(one, isNew);
  }

  async function work(): Promise<void> {
    /** Tries since the last one that found its job free. */
    let held = 0;
    for (;;) {
      if (signal.aborted || started >= most) return;
      const job = waiting.shift();
      if (job === undefined) return;
      started++;
      underWay++;
      const ended = await train(job);
      underWay--;
      held = ended.kind === 'held' ? held + 1 : 0;
      if (ended.kind === 'done') {
        end({ job, result: (await store.result(job, limits))! }, true);
      } else if (ended.kind === 'failed') {
        failed++;
        onFailed(job, ended);
      } else if (ended.kind === 'held') {
        // Last in the line: whoever holds it may be done by then.
        started--;
        waiting.push(job);
        await patience(held);
      }
      tell();
    }
  }

  async function train(job: Job): Promise<Ended> {
    // Another process may have ended it since.
    if ((await store.result(job, limits)) !== undefined) return { kind: 'done' };
    return execute(trainingOf(plan, job, store.path, limits), { signal, onStep: tell });
  }

  /** Waits while others train, the longer the more often it found that: each try is a process. A result of theirs ends it. */
  async function patience(tries: number): Promise<void> {
    for (let n = Math.min(2 ** tries, MOST_LOOKS); n > 0 && !signal.aborted; n--) {
      await pause(LOOK, undefined, { signal }).catch(() => undefined);
      const [next] = waiting;
      if (next === undefined || (await store.result(next, limits)) !== undefined) return;
    }
  }
}

// Milliseconds between looks at whether a training that another process holds has ended, and how many of them there are before it is tried again.
const LOOK = 1000;
const MOST_LOOKS = 30;
