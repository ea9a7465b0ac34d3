import type { AttentionOverlay, OverlayStep } from './attention-overlay.js';

/** Nine regions of a picture, thirds by thirds, in the order in which they are read. */
export const REGIONS = [
  'upper left',
  'upper middle',
  'upper right',
  'left',
  'middle',
  'right',
  'lower left',
  'lower middle',
  'lower right',
] as const;

export type Region = (typeof REGIONS)[number];

const THIRDS = 3;

/** Shares of the attention that looked at each region; a cell that several regions share is divided by its area. */
export function regionsOf({ weights }: OverlayStep, [rows, columns]: AttentionOverlay['grid']): Record<Region, number> {
  const [down, across] = [overlaps(rows), overlaps(columns)];
  const shares = REGIONS.map(() => 0);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const weight = weights[row * columns + column];
      if (weight === 0) continue;
      for (const [y, high] of down[row].entries()) {
        for (const [x, wide] of across[column].entries()) shares[y * THIRDS + x] += weight * high * wide;
      }
    }
  }
  return Object.fromEntries(REGIONS.map((region, n) => [region, shares[n]])) as Record<Region, number>;
}

/** Where a word may have looked: a region of a picture, or a frame of a film, by its number from 1. */
export type Place = Region | number;

/** Shares of the attention that looked at each place of an overlay, in the order in which places are read. */
export function placesOf(
  step: OverlayStep,
  { grid, frames = 1 }: Pick<AttentionOverlay, 'grid' | 'frames'>,
): { readonly region: Place; readonly share: number }[] {
  if (frames === 1) {
    const shares = regionsOf(step, grid);
    return REGIONS.map((region) => ({ region, share: shares[region] }));
  }
  const shares = Array.from({ length: frames }, () => 0);
  const columns = grid[1] / frames;
  for (let n = 0; n < step.weights.length; n++) shares[Math.floor((n % grid[1]) / columns)] += step.weights[n];
  return shares.map((share, n) => ({ region: n + 1, share }));
}

/** How much of each cell of an axis lies in each of its thirds. */
const overlaps = (cells: number): number[][] =>
  Array.from({ length: cells }, (_, cell) =>
    Array.from({ length: THIRDS }, (_, third) => {
      const from = Math.max(cell / cells, third / THIRDS);
      const to = Math.min((cell + 1) / cells, (third + 1) / THIRDS);
      return Math.max(0, to - from) * cells;
    }),
  );
