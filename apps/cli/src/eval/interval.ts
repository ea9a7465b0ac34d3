/** Mean of some values, and half the width of its 95 % interval; none of a single value. */
export interface Interval {
  readonly mean: number;
  readonly half?: number;
}

// Student's t for 95 %, two-sided, by degrees of freedom from 1.
const STUDENT = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11,
  2.101, 2.093,
];

/** Greatest number of values that an interval can be of. */
export const MOST_VALUES = STUDENT.length + 1;

/**
 * Mean of values with its 95 % interval, as of draws from a normal distribution.
 *
 * @param values at least one, at most `MOST_VALUES`
 * @see Student 1908, "The probable error of a mean"
 */
export function intervalOf(values: readonly number[]): Interval {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (values.length < 2) return { mean };
  const freedom = values.length - 1;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / freedom;
  return { mean, half: STUDENT[freedom - 1] * Math.sqrt(variance / values.length) };
}
