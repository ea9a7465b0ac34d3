import { rounded } from '../statistics.js';
import type { Standing } from '../contest.js';
import type { Engines } from './engines.js';

export interface Target {
  readonly name: string;
  readonly target: number;
  /** Direction of the target: 'least' when the figure must be at least the target, 'most' when at most. */
  readonly direction: 'least' | 'most';
  readonly unit: string;
  readonly measured: number;
  readonly interval?: readonly [number, number];
  readonly met: boolean;
}

export interface CaseOutcome {
  readonly case: string;
  readonly title: string;
  readonly standings: readonly Standing[];
  readonly targets: readonly Target[];
  /** Systems that didn't take part, with the reasons. */
  readonly leftOut: readonly string[];
  /** Rows of a table; the first row has all columns. */
  readonly rows?: readonly Readonly<Record<string, number | string>>[];
}

export interface BenchCase {
  readonly name: string;
  readonly title: string;
  run(engines: Engines, rounds: number): Promise<CaseOutcome>;
}

export function atLeast(
  name: string,
  target: number,
  measured: number,
  unit: string,
  interval?: readonly [number, number],
): Target {
  const rest = interval && { interval: interval.map(rounded) as [number, number] };
  return { name, target, direction: 'least', unit, measured: rounded(measured), ...rest, met: measured >= target };
}

export function atMost(name: string, target: number, measured: number, unit: string): Target {
  return { name, target, direction: 'most', unit, measured: rounded(measured), met: measured <= target };
}
