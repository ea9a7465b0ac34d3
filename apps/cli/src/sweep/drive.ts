import { setTimeout as pause } from 'node:timers/promises';
import type { Ended, Executor, Failure } from '../jobs/job.js';
import type { Sweep } from './definition.js';
import { trainingOf, type Job, type Plan } from './plan.js';
import type { Store } from './store.js';
import { standings, type Finished } from './summary.js';
import type { Training } from './training.js';

export interface Drive {
  readonly plan: Plan;
  readonly store: Store;
  /** Those of the plan that are to be trained here. */
  readonly jobs: readonly Job[];
  readonly halving: Sweep['halving'];
  /** How many train at a time. */
  readonly workers: number;
  /** How many may end before the rest is left for another time. */
  readonly most: number;
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
  readonly failed: number;
  /** Whether every training has ended. */
  readonly isWhole: boolean;
}

/** Trains what has no result yet: all at once, or by successive halving stage after stage. */
export async function drive(given: Drive): Promise<Outcome> {
  const { jobs, halving, plan } = given;
  if (halving === undefined) return stage(given, jobs, undefined, given.most);
  let left = jobs;
  let most = given.most;
  let failed = 0;
  let outcome: Outcome = { finished: [], failed: 0, isWhole: false };
  for (const [n, steps] of halving.steps.entries()) {
    let fresh = 0;
    const counting: Drive = {
      ...given,
      onFinished: (one, isNew) => {
        if (isNew) fresh++;
        given.onFinished(one, isNew);
      },
    };
    outcome = await stage(counting, left, steps, most);
    failed += outcome.failed;
    if (!outcome.isWhole || n === halving.steps.length - 1) break;
    most -= fresh;
    const ranked = standings(plan, outcome.finished);
    const kept = ranked.slice(0, Math.max(1, Math.ceil(ranked.length * (halving.keep ?? HALF))));
    left = kept.flatMap(({ finished }) => finished.map(({ job }) => job));
  }
  return { ...outcome, failed };
}

const HALF = 0.5;

// Milliseconds between looks at a training that another process holds.
const PATIENCE = 1000;

/** Trains jobs to a number of steps, several at a time, in their order. */
async function stage(given: Drive, jobs: readonly Job[], steps: number | undefined, most: number): Promise<Outcome> {
  const { plan, store, workers, execute, signal, onFinished, onFailed, onProgress } = given;
  const finished: Finished[] = [];
  const waiting: Job[] = [];
  for (const job of jobs) {
    const result = await store.result(job, steps);
    if (result === undefined) waiting.push(job);
    else end({ job, result }, false);
  }
  let failed = 0;
  let started = 0;
  let underWay = 0;
  tell();
  await Promise.all(Array.from({ length: Math.min(workers, waiting.length) }, work));
  return { finished, failed, isWhole: finished.length + failed === jobs.length };

  function tell(): void {
    onProgress({ done: finished.length + failed, total: jobs.length, underWay });
  }

  function end(one: Finished, isNew: boolean): void {
    finished.push(one);
    onFinished(one, isNew);
  }

  async function work(): Promise<void> {
    for (;;) {
      if (signal.aborted || started >= most) return;
      const job = waiting.shift();
      if (job === undefined) return;
      started++;
      underWay++;
      const ended = await train(job);
      underWay--;
      if (ended.kind === 'done') {
        end({ job, result: (await store.result(job, steps))! }, true);
      } else if (ended.kind === 'failed') {
        failed++;
        onFailed(job, ended);
      } else if (ended.kind === 'held') {
        // Last in the line: whoever holds it may be done by then.
        started--;
        waiting.push(job);
        await pause(PATIENCE, undefined, { signal }).catch(() => undefined);
      }
      tell();
    }
  }

  async function train(job: Job): Promise<Ended> {
    // Another process may have ended it since.
    if ((await store.result(job, steps)) !== undefined) return { kind: 'done' };
    return execute(trainingOf(plan, job, store.path, steps), { signal, onStep: tell });
  }
}
