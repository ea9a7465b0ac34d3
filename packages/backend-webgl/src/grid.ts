import type { TensorInfo } from '@tensorflow/tfjs-core';

/**
 * An array [n, rows, columns] of texels in row-major order, in each of one to four textures of the same size. What a texel
 * means is up to who made it:
 *
 * - *tiles* of a [n, R, C] array of numbers: four sheets, where sheet k at (r, c) holds row 4r + k, columns 4c … 4c + 3,
 *   and 0 beyond the array (scores: what is masked). One fragment computes a whole tile, and products read whole tiles.
 * - *rows*: of each row of the array a number or more; sheet k at (r, 0) holds the k-th of rows 4r … 4r + 3.
 * - a tensor's texture as the engine lays it out.
 */
export interface Grid {
  readonly sheets: readonly WebGLTexture[];
  readonly n: number;
  readonly rows: number;
  readonly columns: number;
  /** Width of a texture, in texels. */
  readonly width: number;
  readonly height: number;
  /** Texels before the first. */
  readonly offset: number;
}

const TILE = 4;

export const tilesOf = (length: number): number => Math.ceil(length / TILE);

/** Fragments are shaded in blocks of 2×2 or more, of which narrow textures leave some idle. */
const NARROW = 8;

/**
 * The width of textures that hold so many texels: one row of the grid where that fits, so that a shader walks along either
 * axis by adding 1; else whole rows, or what fits.
 */
export function widthOf(texels: number, columns: number, largest: number): number {
  if (columns >= largest) return largest;
  if (columns >= NARROW && texels / columns <= largest) return columns;
  return columns * Math.min(Math.ceil(Math.sqrt(texels) / columns), Math.floor(largest / columns));
}

/** A tensor that is packed for this shape, or flat. */
export interface TensorGrid extends Grid {
  readonly tensor: TensorInfo;
  readonly packed: boolean;
}
