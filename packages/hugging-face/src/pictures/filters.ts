/** A filter that pictures are resampled with: its curve, and how far from its middle it reaches. */
export interface Filter {
  readonly reach: number;
  readonly at: (x: number) => number;
}

/** PIL's constant of cubic interpolation. */
const A = -0.5;

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));

function cubic(x: number): number {
  const t = Math.abs(x);
  if (t < 1) return ((A + 2) * t - (A + 3)) * t * t + 1;
  return t < 2 ? (((t - 5) * t + 8) * t - 4) * A : 0;
}

/** Filters by the numbers that PIL and `resample` of a configuration have for them; 0 is the nearest pixel, which is no sum. */
export const FILTERS: ReadonlyMap<number, Filter | undefined> = new Map([
  [0, undefined],
  [1, { reach: 3, at: (x) => (x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0) }],
  [2, { reach: 1, at: (x) => Math.max(0, 1 - Math.abs(x)) }],
  [3, { reach: 2, at: cubic }],
  [4, { reach: 0.5, at: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0) }],
  [5, { reach: 1, at: (x) => (Math.abs(x) < 1 ? sinc(x) * (0.54 + 0.46 * Math.cos(Math.PI * x)) : 0) }],
]);
