import { median, medianInterval, rounded } from './statistics.js';

/** Something that was measured, and what it has to reach. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  /** Which way is better: 'least' when the figure must be at least the target, 'most' when at most. */
  readonly direction: 'least' | 'most';
  /** What it has to reach; null where it is only reported. */
  readonly target: number | null;
  readonly measured: number;
  /** 95 % interval over rounds; absent where something was measured once. */
  readonly interval?: readonly [number, number];
  readonly met: boolean | null;
}

/** What was measured: once, or in each round, of which the median counts. */
type Measured = number | readonly number[];

/** Figure that has to be at least the target. */
export const atLeast = (name: string, target: number | null, measured: Measured, unit: string): Figure =>
  figure(name, 'least', target, measured, unit);

/** Figure that has to be at most the target. */
export const atMost = (name: string, target: number | null, measured: Measured, unit: string): Figure =>
  figure(name, 'most', target, measured, unit);

function figure(
  name: string,
  direction: Figure['direction'],
  target: number | null,
  measured: Measured,
  unit: string,
): Figure {
  const value = typeof measured === 'number' ? measured : median(measured);
  const interval =
    typeof measured === 'number' ? undefined : (medianInterval(measured).map(rounded) as [number, number]);
  return {
    name,
    unit,
    direction,
    target,
    measured: rounded(value),
    ...(interval && { interval }),
    met: target === null ? null : direction === 'least' ? value >= target : value <= target,
  };
}

/** Units of what two machines may be compared in; others are times. */
const RELATIVE: ReadonlySet<string> = new Set(['×', '%', 'MiB']);

/** Whether a figure says something of the code rather than of the machine. */
export const isRelative = ({ unit }: Pick<Figure, 'unit'>): boolean => RELATIVE.has(unit);
