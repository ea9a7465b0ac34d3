import type { Sweep } from './definition.js';
import type { Limits } from './limits.js';
import { barOf, startupOf } from './median.js';
import type { Job } from './plan.js';
import { stage, type Outcome, type Stages } from './stage.js';
import { standings } from './summary.js';

export interface Drive extends Stages {
  readonly sweep: Pick<Sweep, 'halving' | 'median'>;
  /** Those of the plan that are to be trained here. */
  readonly jobs: readonly Job[];
  /** How many may end before the rest is left for another time. */
  readonly most: number;
}

/** Trains what has no result yet: all at once, or in stages of which each depends on the results of the one before. */
export function drive(given: Drive): Promise<Outcome> {
  const { halving, median } = given.sweep;
  if (halving !== undefined) return halve(given, halving);
  if (median !== undefined) return stopByMedian(given, median);
  return stage(given, given.jobs, {}, given.most);
}

/** Successive halving. */
async function halve(given: Drive, { steps, keep = HALF }: NonNullable<Sweep['halving']>): Promise<Outcome> {
  let { jobs, most } = given;
  let failed = 0;
  for (const [n, length] of steps.entries()) {
    const outcome = await stage(given, jobs, { steps: length }, most);
    failed += outcome.failed;
    if (!outcome.isWhole || n === steps.length - 1) return { ...outcome, failed };
    most -= outcome.fresh;
    const ranked = standings(given.plan, outcome.finished);
    const kept = ranked.slice(0, Math.max(1, Math.ceil(ranked.length * keep)));
    jobs = kept.flatMap(({ finished }) => finished.map(({ job }) => job));
  }
  throw new Error('halving has no stages');
}

const HALF = 0.5;

/** Some are trained to the end, and then each other one as long as it can keep up with them. */
async function stopByMedian(given: Drive, median: NonNullable<Sweep['median']>): Promise<Outcome> {
  const { plan, jobs, most } = given;
  const isHere = new Set(jobs.map(({ id }) => id));
  // A share's own come first: meanwhile others may train theirs.
  const startup = startupOf(plan.jobs, median).toSorted((a, b) => Number(isHere.has(b.id)) - Number(isHere.has(a.id)));
  const first = await stage(given, startup, {}, most);
  const finished = first.finished.filter(({ job }) => isHere.has(job.id));
  if (!first.isWhole) return { ...first, finished };
  const bar = barOf(
    plan.target,
    median,
    first.finished.map(({ result }) => result),
  );
  const isFirst = new Set(startup.map(({ id }) => id));
  const limits: Limits = bar === undefined ? {} : { bar };
  const rest = await stage(
    given,
    jobs.filter(({ id }) => !isFirst.has(id)),
    limits,
    most - first.fresh,
  );
  return {
    finished: [...finished, ...rest.finished],
    failed: first.failed + rest.failed,
    fresh: first.fresh + rest.fresh,
    isWhole: rest.isWhole,
  };
}
