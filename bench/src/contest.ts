import { median, medianInterval, rounded } from './statistics.js';
import { checkAgreement, timeOf, type RunOnce } from './timing.js';

/** One of the systems that are compared. */
export interface Contender {
  readonly name: string;
  /** What it computes, when not all compute the same; results of the same are compared. */
  readonly computes?: string;
  /** Prepares the system; called before each of its turns, and not timed. */
  enter?(): Promise<void>;
  readonly run: RunOnce;
  /** How many things a run makes, such as answers; times are of one. Default 1. */
  readonly count?: number;
}

export interface Standing {
  readonly system: string;
  /** Median of the rounds, in milliseconds for one run, or for one of the things that it makes; with the fastest and the slowest round. */
  readonly ms: number;
  readonly range: readonly [number, number];
  readonly rounds: readonly number[];
  /** Median over rounds of this system's time divided by the first system's, with its 95 % interval. */
  readonly ratio: number;
  readonly interval: readonly [number, number];
}

/** How many times longer the first takes than the second, in each round. */
export const ratiosOf = (first: Standing, second: Standing): number[] =>
  first.rounds.map((ms, round) => ms / second.rounds[round]);

/** Least time of a turn, long enough to average over interruptions by the scheduler. */
const LEAST_TIME = 60; // ms

/**
 * Lets systems take turns, round by round in a rotating order, after a check that all have the results of the first.
 *
 * @param between called once in each round, for other measurements under the same conditions
 * @throws Disagreement
 */
export async function contest(
  contenders: readonly Contender[],
  rounds: number,
  between?: () => void,
): Promise<readonly Standing[]> {
  const expected = new Map<string | undefined, readonly Float32Array[]>();
  for (const { name, computes, enter, run } of contenders) {
    await enter?.();
    for (let warmUp = 0; warmUp < 2; warmUp++) await run();
    const results = (await run()).map((values) => values.slice());
    checkAgreement(name, expected.get(computes) ?? results, results);
    if (!expected.has(computes)) expected.set(computes, results);
  }
  const times = contenders.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < contenders.length; turn++) {
      const n = (round + turn) % contenders.length;
      const { enter, run, count = 1 } = contenders[n];
      await enter?.();
      await run();
      times[n].push((await timeOf(run, LEAST_TIME)) / count);
    }
    between?.();
  }
  return contenders.map(({ name }, n) => {
    const own = times[n];
    const ratios = own.map((ms, round) => ms / times[0][round]);
    return {
      system: name,
      ms: rounded(median(own)),
      rounds: own.map(rounded),
      range: [rounded(Math.min(...own)), rounded(Math.max(...own))],
      ratio: rounded(median(ratios)),
      interval: medianInterval(ratios).map(rounded) as [number, number],
    };
  });
}
