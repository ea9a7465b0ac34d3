import { HeedError } from '@heed/core';
import type { TrainFlags } from '../commands/train-command.js';
import { InvalidValue, seconds } from '../flag-values.js';
import type { Host } from '../host.js';
import { FILE_FLAGS, SETTING_FLAGS, type FileFlags, type SettingFlags } from '../own/own-flags.js';
import { sourceOfFlags, taskOfName } from '../own/task-source.js';
import { configure } from '../train/configure.js';
import type { AnyTask } from '../known.js';
import { read } from '../train/read-data.js';
import { combinations, givenTwice } from './combine.js';
import type { Settings, Sweep } from './definition.js';
import { flagsOf, type Invalid } from './settings-flags.js';
import type { Limits } from './limits.js';
import { STARTUP } from './median.js';
import { idOf, type Training } from './training.js';

/** A training of a sweep. */
export interface Job {
  readonly id: string;
  readonly settings: Settings;
  readonly seed: number;
  /** Version of its data. */
  readonly data: string;
}

/** A sweep with all that is known before anything is trained. */
export interface Plan {
  readonly task: string;
  /** Versions of the data, as settings may name several. */
  readonly data: readonly string[];
  /** Version of Heed. */
  readonly version: string;
  readonly target: { readonly figure: string; readonly direction: 'minimise' | 'maximise' };
  /** Names of settings in which the trainings differ. */
  readonly varied: readonly string[];
  readonly jobs: readonly Job[];
}

/**
 * The trainings of a sweep, once all of it has been checked: names, values, presets, and that the data are there.
 *
 * @param shown the sweep's file as people know it
 * @throws HeedError CONFIG_INVALID
 */
export async function planOf(host: Host, shown: string, sweep: Sweep): Promise<Plan> {
  const { task, seeds = [1], minimise, maximise } = sweep;
  const invalid = (message: string, hint?: string): HeedError =>
    new HeedError('CONFIG_INVALID', { message: `${shown}: ${message}`, ...(hint !== undefined && { hint }) });
  const twice = givenTwice(sweep);
  if (twice !== undefined) throw invalid(`'${twice}' is given twice`, 'by one of settings, grid, list and random');
  if (minimise !== undefined && maximise !== undefined) throw invalid('minimise and maximise exclude one another');
  checkHalving(sweep, invalid);
  checkMedian(sweep, invalid);
  const { budget } = sweep;
  if (budget?.time !== undefined) checkTime(budget.time, invalid);

  const all = combinations(sweep);
  const trained = taskOfName(task, host);
  const flags = all.map((settings) => flagsOf(settings, host, invalid));
  for (const one of flags) {
    host.backends.check(one);
    const { steps, evaluateEvery } = configure(await taskOf(trained, one), one, host).training;
    if (sweep.median !== undefined && evaluateEvery >= steps) {
      throw invalid(
        `trainings of ${steps} steps are evaluated every ${evaluateEvery}: the median would stop none`,
        'give fewer steps as evaluateEvery, among the settings',
      );
    }
  }
  const different = [...new Set(seeds)];
  const dataOf = dataVersions(host, task, different);
  const { core: version } = await host.versionsOf('cpu');
  const jobs: Job[] = [];
  for (const [n, settings] of all.entries()) {
    for (const seed of different) {
      const data = await dataOf(flags[n]!, seed);
      jobs.push({ id: await idOf({ task, settings, seed, data, version }), settings, seed, data });
    }
  }
  const { startup = STARTUP } = sweep.median ?? {};
  if (sweep.median !== undefined && startup >= jobs.length) {
    throw invalid(
      `median trains ${startup} to the end, and there are ${jobs.length} in all`,
      'median.startup says how many',
    );
  }
  return {
    task,
    data: [...new Set(jobs.map((job) => job.data))],
    version,
    target: { figure: maximise ?? minimise ?? 'error', direction: maximise === undefined ? 'minimise' : 'maximise' },
    varied: variedIn(all),
    jobs,
  };
}

/** What is learnt: another thing where a pretrained model is trained on. */
async function taskOf(task: AnyTask, { from, lora }: TrainFlags): Promise<AnyTask> {
  if (from === undefined) return task;
  const { tuning } = await import('../pretrained/tuning.js');
  return tuning(from, lora).task(task);
}

/**
 * Versions of the data that flags name. A version is a fingerprint, which chance is a part of where data are made by lot (stories, films), and isn't
 * where it only decides what is held back: so where two seeds have the same, all have it, and no more are read.
 */
function dataVersions(
  host: Host,
  task: string,
  seeds: readonly number[],
): (flags: TrainFlags, seed: number) => Promise<string> {
  const known = new Map<string, string>();
  const versionOf = async (flags: TrainFlags, seed: number): Promise<string> => {
    const named = JSON.stringify([seed, ...DATA_FLAGS.map((name) => flags[name])]);
    const there = known.get(named);
    if (there !== undefined) return there;
    const { version } = await read(host, await sourceOfFlags(host, task, flags), { seed });
    known.set(named, version);
    return version;
  };
  return async (flags, seed) => {
    const [first, second = first] = seeds;
    const version = await versionOf(flags, first!);
    return version === (await versionOf(flags, second!)) ? version : versionOf(flags, seed);
  };
}

const DATA_FLAGS = [...Object.keys(FILE_FLAGS), ...Object.keys(SETTING_FLAGS)] as (
  | keyof FileFlags
  | keyof SettingFlags
)[];

function checkHalving({ halving, settings = {}, grid = {}, list = [], random }: Sweep, invalid: Invalid): void {
  if (halving === undefined) return;
  const { steps } = halving;
  if (steps.some((step, n) => n > 0 && step <= steps[n - 1]!)) {
    throw invalid(`halving.steps is ${steps.join(', ')}`, 'each number of steps is larger than the one before');
  }
  if ([settings, grid, ...list, random?.from ?? {}].some((part) => 'steps' in part)) {
    throw invalid("'steps' is given beside halving", 'halving says how long trainings are');
  }
}

function checkMedian({ halving, median }: Sweep, invalid: Invalid): void {
  if (median === undefined || halving === undefined) return;
  throw invalid('halving and median exclude one another', 'both say which trainings end early');
}

function checkTime(text: string, invalid: Invalid): void {
  try {
    seconds(text);
  } catch (error) {
    if (error instanceof InvalidValue) throw invalid(`budget.time is '${text}'`, 'such as 90s, 2m, 1h30m');
    throw error;
  }
}

function variedIn(all: readonly Settings[]): readonly string[] {
  const names = [...new Set(all.flatMap((settings) => Object.keys(settings)))];
  return names.filter((name) => new Set(all.map((settings) => JSON.stringify(settings[name]))).size > 1);
}

/** A training of the plan as work for any machine. */
export const trainingOf = (
  { task, version }: Plan,
  { id, settings, seed, data }: Job,
  folder: string,
  limits: Limits,
): Training => ({
  kind: 'training',
  id,
  folder,
  task,
  settings,
  seed,
  data,
  version,
  ...limits,
});
