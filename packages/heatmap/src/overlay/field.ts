import type { AttentionOverlay, OverlayStep } from './attention-overlay.js';

/** How weights lie over the picture: 'smooth', as the papers draw them, or as the exact 'cells'. */
export type Drawn = 'smooth' | 'cells';

export interface Size {
  readonly width: number;
  readonly height: number;
}

// Standard deviation of the Gaussian, in cells. Xu et al. 2015 (arXiv:1502.03044, §5.4) upsample the weights and filter them with one;
// half a cell is what bilinear upsampling and a filter of a third of a cell, which image libraries have by default, come to.
const DEVIATION = 0.5;

/**
 * Weights of a word over a whole picture, one for each of its pixels, row by row. Smooth ones are scaled so that the greatest stays as
 * great as the greatest weight: colours mean the same in both drawings.
 */
export function fieldOf(
  step: OverlayStep,
  { grid }: Pick<AttentionOverlay, 'grid'>,
  size: Size,
  drawn: Drawn,
): Float32Array {
  const [rows, columns] = grid;
  const { width, height } = size;
  const kernel = drawn === 'smooth' ? gaussian : nearest;
  const [down, across] = [kernel(height, rows), kernel(width, columns)];
  const half = product(step.weights, rows, columns, across, width); // [rows, width]
  const field = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (const { cell, share } of down[y]) {
      for (let x = 0; x < width; x++) field[y * width + x] += share * half[cell * width + x];
    }
  }
  return drawn === 'smooth' ? scaledTo(greatest(step.weights), field) : field;
}

/** Cells that a place of an axis takes its weight from, and how much of each; the shares sum to 1. */
type Mixture = readonly { readonly cell: number; readonly share: number }[];

function product(weights: ArrayLike<number>, rows: number, columns: number, across: readonly Mixture[], width: number) {
  const half = new Float32Array(rows * width);
  for (let row = 0; row < rows; row++) {
    for (let x = 0; x < width; x++) {
      for (const { cell, share } of across[x]) half[row * width + x] += share * weights[row * columns + cell];
    }
  }
  return half;
}

/** Middles of `length` places along an axis, in cells. */
const middles = (length: number, cells: number): number[] =>
  Array.from({ length }, (_, n) => ((n + 0.5) * cells) / length);

const nearest = (length: number, cells: number): Mixture[] =>
  middles(length, cells).map((at) => [{ cell: Math.floor(at), share: 1 }]);

// Cells farther away than this many deviations have a share below 0.0004.
const REACH = 4 * DEVIATION;

function gaussian(length: number, cells: number): Mixture[] {
  return middles(length, cells).map((at) => {
    const first = Math.max(0, Math.ceil(at - 0.5 - REACH));
    const last = Math.min(cells - 1, Math.floor(at - 0.5 + REACH));
    const near = Array.from({ length: last - first + 1 }, (_, n) => {
      const cell = first + n;
      return { cell, share: Math.exp(-0.5 * ((cell + 0.5 - at) / DEVIATION) ** 2) };
    });
    // Beyond the edges there are no cells: what is there shares the whole.
    const whole = near.reduce((sum, { share }) => sum + share, 0);
    return near.map(({ cell, share }) => ({ cell, share: share / whole }));
  });
}

function scaledTo(most: number, field: Float32Array): Float32Array {
  const peak = greatest(field);
  return peak === 0 ? field : field.map((weight) => (weight * most) / peak);
}

/** Greatest of some weights; they may be too many for the arguments of Math.max. */
export function greatest(weights: ArrayLike<number>): number {
  let most = 0;
  for (let n = 0; n < weights.length; n++) if (weights[n] > most) most = weights[n];
  return most;
}
