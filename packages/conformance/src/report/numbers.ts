/** An error in ulps with two significant digits, since only its size matters. */
export function formatUlps(ulps: number): string {
  if (ulps === Infinity) return 'no match';
  if (ulps === 0) return '0';
  if (ulps < 0.01) return '< 0.01';
  const rounded = Number(ulps.toPrecision(2));
  return rounded < 1e6 ? rounded.toLocaleString('en') : rounded.toExponential(1).replace('+', '');
}

export function formatShare(share: number): string {
  if (share === Infinity) return 'no match';
  if (share > 1) return `${formatUlps(share)} × too large`;
  const percent = 100 * share;
  return percent > 0 && percent < 1 ? '< 1 %' : `${Number(percent.toPrecision(2)).toLocaleString('en')} %`;
}

export function formatTime(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

export function plural(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}

/** Median of at least one number; of an even count, the lower of the two in the middle. */
export function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor((numbers.length - 1) / 2)];
}
