/** Numbers that a step may have in a block of positions. */
export interface Interval {
  readonly low: number;
  readonly high: number;
  /** Whether all of them are whole numbers that float32 holds, so that every backend has the same ones. */
  readonly whole: boolean;
  /** Whether one may be NaN: no comparison with it is true. */
  readonly maybeNaN: boolean;
}

const truth = (low: number, high: number): Interval => ({ low, high, whole: true, maybeNaN: false });

export const ANYTHING: Interval = { low: -Infinity, high: Infinity, whole: false, maybeNaN: true };
export const TRUE = truth(1, 1);
export const FALSE = truth(0, 0);
export const MAYBE = truth(0, 1);

const LARGEST_WHOLE = 2 ** 24;

export function between(low: number, high: number, whole: boolean): Interval {
  // Of ∞ − ∞ and the like.
  if (Number.isNaN(low) || Number.isNaN(high)) return ANYTHING;
  return {
    low,
    high,
    whole: whole && Math.abs(low) <= LARGEST_WHOLE && Math.abs(high) <= LARGEST_WHOLE,
    maybeNaN: false,
  };
}

export const exactly = (value: number): Interval => between(value, value, Number.isInteger(value));

/** Whether every a is less than every b, by more than rounding may turn round. */
export function isBelow(a: Interval, b: Interval, orEqual: boolean): boolean {
  const margin = a.whole && b.whole ? 0 : 1e-5 * Math.max(Math.abs(a.high), Math.abs(b.low));
  // An infinite margin makes this NaN, and so false.
  const gap = b.low - a.high - margin;
  return gap > 0 || (orEqual && margin === 0 && gap === 0);
}

export const isSame = (a: Interval, b: Interval): boolean =>
  a.whole && b.whole && a.low === a.high && b.low === b.high && a.low === b.low;
