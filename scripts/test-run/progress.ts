import type { Durations } from './durations.js';

/** How far a run of tests is. */
export interface Progress {
  readonly done: number;
  readonly files: number;
  /** Share of the work that is done, from 0 to 1, weighted by what each file took when it last ran. */
  readonly share: number;
  /** Milliseconds that are left; undefined while nothing is known. */
  readonly left: number | undefined;
}

/** Below this share, one file more or less would change an estimate by half. */
const TELLING = 0.03;

/**
 * How far a run is, and how long it will go on.
 *
 * A file that never ran counts as much as the mean of those that did. Time goes by share of the work: files run beside each other, so
 * what they took doesn't add up to what a run takes.
 *
 * @param files  keys of all files of the run
 * @param done  keys of those that have ended
 * @param durations  of earlier runs
 * @param elapsed  milliseconds since the run began
 */
export function progressOf(
  files: readonly string[],
  done: ReadonlySet<string>,
  durations: Durations,
  elapsed: number,
): Progress {
  const known = files.flatMap((key) => durations[key] ?? []);
  const mean = known.length === 0 ? 1 : sum(known) / known.length;
  const weigh = (keys: readonly string[]): number => sum(keys.map((key) => durations[key] ?? mean));
  const all = weigh(files);
  const share = all === 0 ? 1 : weigh(files.filter((key) => done.has(key))) / all;
  const left = share < TELLING ? undefined : (elapsed * (1 - share)) / share;
  return { done: done.size, files: files.length, share, left };
}

/** In a line, as "62 of 233 test files, 38 %; about 6 min left". */
export function describeProgress({ done, files, share, left }: Progress): string {
  const far = `${done} of ${files} test files, ${Math.floor(100 * share)} %`;
  return left === undefined ? far : `${far}; about ${describeTime(left)} left`;
}

/** Minutes and seconds of a time in milliseconds, as "9 min 40 s". */
export function describeTime(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const [minutes, rest] = [Math.floor(seconds / 60), seconds % 60];
  return minutes === 0 ? `${rest} s` : `${minutes} min ${rest} s`;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, x) => total + x, 0);
