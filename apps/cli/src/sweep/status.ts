import type { Sweep } from './definition.js';
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
  { halving }: Sweep,
  workers: number,
): Promise<Status> {
  const finished: Finished[] = [];
  const last = halving?.steps.at(-1);
  let [secondsTaken, secondsOfFinished, underWay] = [0, 0, 0];
  for (const job of jobs) {
    const result = await store.result(job, last);
    const seconds = (await store.progress(job))?.seconds ?? 0;
    secondsTaken += seconds;
    if (result !== undefined) {
      finished.push({ job, result });
      secondsOfFinished += seconds;
    } else if (seconds > 0) underWay++;
  }
  const each = finished.length === 0 ? undefined : secondsOfFinished / finished.length;
  const left = Math.max(0, (jobs.length - finished.length) * (each ?? 0) - (secondsTaken - secondsOfFinished));
  return {
    counts: { total: jobs.length, done: finished.length, underWay },
    found: standings(plan, finished),
    secondsTaken,
    // With halving nobody knows how many go on.
    secondsLeft: each === undefined || halving !== undefined || left === 0 ? undefined : left / workers,
  };
}
