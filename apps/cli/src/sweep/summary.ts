import { canonical } from './combine.js';
import type { Settings } from './definition.js';
import { meanOf, type Mean } from './interval.js';
import type { Job, Plan } from './plan.js';
import { figureOf, type Evaluated, type Result } from './store.js';

/** A training with what it came to. */
export interface Finished {
  readonly job: Job;
  readonly result: Result;
}

/** Settings with the results of their seeds. */
export interface Standing {
  readonly settings: Settings;
  readonly seeds: readonly number[];
  /** The figure that the sweep is about; undefined where no training has one. */
  readonly target: Mean | undefined;
  readonly figures: Readonly<Record<string, Mean>>;
  readonly finished: readonly Finished[];
}

/**
 * Settings, the best first. It rests on results alone, in the plan's order, and so comes out the same whoever computed them, and when.
 */
export function standings(plan: Plan, finished: readonly Finished[]): readonly Standing[] {
  const byId = new Map(finished.map((one) => [one.job.id, one]));
  const bySettings = new Map<string, Finished[]>();
  for (const job of plan.jobs) {
    const one = byId.get(job.id);
    if (one === undefined) continue;
    const key = canonical(job.settings);
    bySettings.set(key, [...(bySettings.get(key) ?? []), one]);
  }
  const sign = plan.target.direction === 'minimise' ? 1 : -1;
  const rank = ({ target }: Standing): number => (target === undefined ? Infinity : sign * target.mean);
  return [...bySettings.values()].map((group) => standing(group, plan)).toSorted((a, b) => order(rank(a), rank(b)));
}

/** Those that were stopped early, by their seeds, and where. */
export const stoppedOf = (finished: readonly Finished[]): readonly { readonly seed: number; readonly step: number }[] =>
  finished.flatMap(({ job, result }) => (result.stopped ? [{ seed: job.seed, step: result.steps }] : []));

/** Infinities are equal to each other, which subtraction wouldn't say. */
const order = (a: number, b: number): number => (a === b ? 0 : a - b);

function standing(finished: readonly Finished[], { target }: Plan): Standing {
  const bests = finished.flatMap(({ result }) => result.best ?? []);
  const names = Object.keys(bests[0]?.figures ?? {});
  const mean = (read: (one: Evaluated) => number | undefined): Mean | undefined => {
    const values = bests.map(read).filter((value) => value !== undefined);
    return values.length === 0 ? undefined : meanOf(values);
  };
  return {
    settings: finished[0]!.job.settings,
    seeds: finished.map(({ job }) => job.seed),
    target: mean((one) => figureOf(one, target.figure)),
    figures: Object.fromEntries(names.map((name) => [name, meanOf(bests.map(({ figures }) => figures[name]!))])),
    finished,
  };
}
