import type { Sweep } from './definition.js';
import type { Limits } from './limits.js';
import { barOf, startupOf } from './median.js';
import type { Job, Plan } from './plan.js';
import type { Store } from './store.js';
import { standings, type Finished, type Standing } from './summary.js';

/** Where a sweep stands, as its folder shows it. */
export interface Status {
  readonly counts: { readonly total: number; readonly done: number; readonly underWay: number };
  readonly found: readonly Standing[];
  /** Seconds of training, of all processes together. */
  readonly secondsTaken: number;
  /** Estimate from those that have ended; unknown before any has. */
  readonly secondsLeft: number | undefined;
}

/** @param workers how many train at a time */
export async function statusOf(
  plan: Plan,
  store: Store,
  jobs: readonly Job[],
  sweep: Sweep,
  workers: number,
): Promise<Status> {
  const finished: Finished[] = [];
  const limitsOf = await lastLimits(plan, store, sweep);
  let [secondsTaken, secondsOfFinished, underWay] = [0, 0, 0];
  const known = await Promise.all(
    jobs.map((job) => Promise.all([store.result(job, limitsOf(job)), store.progress(job)])),
  );
  for (const [n, job] of jobs.entries()) {
    const [result, { seconds } = { seconds: 0 }] = known[n]!;
    secondsTaken += seconds;
    if (result !== undefined) {
      finished.push({ job, result });
      secondsOfFinished += seconds;
    } else if (seconds > 0) underWay++;
  }
  const mayStop = sweep.halving !== undefined || sweep.median !== undefined;
  const each = finished.length === 0 ? undefined : secondsOfFinished / finished.length;
  const left = Math.max(0, (jobs.length - finished.length) * (each ?? 0) - (secondsTaken - secondsOfFinished));
  return {
    counts: { total: jobs.length, done: finished.length, underWay },
    found: standings(plan, finished),
    secondsTaken,
    // Nobody knows how many go on where some are stopped.
    secondsLeft: each === undefined || mayStop || left === 0 ? undefined : left / workers,
  };
}

/** The limits of trainings when all has been decided, as far as results there say it. */
async function lastLimits(
  plan: Plan,
  store: Store,
  { halving, median }: Sweep,
): Promise<(job: Pick<Job, 'id'>) => Limits> {
  const steps = halving?.steps.at(-1);
  if (steps !== undefined) return () => ({ steps });
  if (median === undefined) return () => ({});
  const startup = startupOf(plan.jobs, median);
  const results = await Promise.all(startup.map((job) => store.result(job)));
  const bar = barOf(
    plan.target,
    median,
    results.filter((one) => one !== undefined),
  );
  const ids = new Set(startup.map(({ id }) => id));
  return ({ id }) => (bar === undefined || ids.has(id) ? {} : { bar });
}
