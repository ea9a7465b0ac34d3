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

/** Filters of Pillow by its names for them, in the order of its numbers; the nearest pixel is no sum, so it has no curve. */
export const FILTERS = {
  nearest: undefined,
  lanczos: { reach: 3, at: (x) => (x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0) },
  bilinear: { reach: 1, at: (x) => Math.max(0, 1 - Math.abs(x)) },
  bicubic: { reach: 2, at: cubic },
  box: { reach: 0.5, at: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0) },
  hamming: { reach: 1, at: (x) => (Math.abs(x) < 1 ? sinc(x) * (0.54 + 0.46 * Math.cos(Math.PI * x)) : 0) },
} as const satisfies Readonly<Record<string, Filter | undefined>>;

/** Name of a filter. */
export type FilterName = keyof typeof FILTERS;

/** Names of the filters, each at the number that Pillow's `Resampling` and `resample` of a configuration have for it. */
export const FILTER_NAMES = Object.keys(FILTERS) as readonly FilterName[];
