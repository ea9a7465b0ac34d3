import type { Sweep } from './definition.js';
import type { Bar } from './limits.js';
import { figureOf, type Evaluated, type Result } from './store.js';

/** How many are trained to the end when a sweep doesn't say it, as Optuna has it. */
export const STARTUP = 5;

/** The trainings of which the bar is made. Ids are hashes, so they are a sample of all settings and seeds. */
export const startupOf = <J extends { readonly id: string }>(
  jobs: readonly J[],
  { startup = STARTUP }: NonNullable<Sweep['median']>,
): readonly J[] => jobs.toSorted((a, b) => (a.id < b.id ? -1 : 1)).slice(0, startup);

/** Undefined where nothing was evaluated: then nothing is stopped. */
export function barOf(
  { figure, direction }: Pick<Bar, 'figure' | 'direction'>,
  { after = 0 }: NonNullable<Sweep['median']>,
  startup: readonly Result[],
): Bar | undefined {
  const curves = startup.map(({ evaluations }) => runningMeans(evaluations, figure));
  const steps = [...new Set(curves.flatMap((curve) => curve.map(({ step }) => step)))].toSorted((a, b) => a - b);
  const medians = steps.map((step) => ({
    step,
    median: median(curves.flatMap((curve) => at(step, curve)?.mean ?? [])),
  }));
  return medians.length === 0 ? undefined : { figure, direction, after, medians };
}

/**
 * The step at which a training is stopped: that of the first evaluation by which its best figure is worse than the median of the others'
 * running averages; undefined while there is none.
 *
 * @see Golovin et al. 2017, "Google Vizier: A Service for Black-Box Optimization", §3.2.1
 */
export function stoppedAt(
  { figure, direction, after, medians }: Bar,
  evaluations: readonly Evaluated[],
): number | undefined {
  const sign = direction === 'minimise' ? 1 : -1;
  let best = Infinity;
  for (const one of evaluations) {
    best = Math.min(best, sign * (figureOf(one, figure) ?? Infinity));
    const bar = at(one.step, medians);
    if (one.step >= after && bar !== undefined && best > sign * bar.median) return one.step;
  }
  return undefined;
}

/** What holds at a step: the last entry that isn't later. */
const at = <T extends { readonly step: number }>(step: number, entries: readonly T[]): T | undefined =>
  entries.findLast((entry) => entry.step <= step);

function runningMeans(evaluations: readonly Evaluated[], figure: string): readonly { step: number; mean: number }[] {
  let [sum, count] = [0, 0];
  return evaluations.flatMap((one) => {
    const value = figureOf(one, figure);
    if (value === undefined) return [];
    sum += value;
    count++;
    return [{ step: one.step, mean: sum / count }];
  });
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length / 2;
  return (sorted[Math.ceil(half) - 1]! + sorted[Math.floor(half)]!) / 2;
}
