import jStat from 'jstat';

/** A mean with its 95 % interval by Student's t, which takes the values to be normal; none for a single value. */
export interface Mean {
  readonly mean: number;
  /** Half the interval's width. */
  readonly half: number | undefined;
  readonly count: number;
}

export function meanOf(values: readonly number[]): Mean {
  const count = values.length;
  const mean = values.reduce((sum, x) => sum + x, 0) / count;
  if (count < 2) return { mean, half: undefined, count };
  const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (count - 1);
  return { mean, half: jStat.studentt.inv(0.975, count - 1) * Math.sqrt(variance / count), count };
}
