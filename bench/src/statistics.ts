export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * 95 % confidence interval of the median, by order statistics. It assumes only that rounds are independent, and nothing about
 * their distribution. With few rounds it is the whole range. @see Conover 1999, "Practical Nonparametric Statistics", §3.2
 */
export function medianInterval(values: readonly number[]): readonly [number, number] {
  const sorted = values.toSorted((a, b) => a - b);
  const n = sorted.length;
  const half = (1.96 * Math.sqrt(n)) / 2;
  const low = Math.max(0, Math.floor(n / 2 - half) - 1);
  return [sorted[low], sorted[n - 1 - low]];
}

export const rounded = (x: number): number => Number(x.toPrecision(4));
