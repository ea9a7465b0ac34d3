/**
 * Everything here works on panels: four rows side by side, element by element, so that the inner loop of a product reads
 * eight neighbouring numbers for sixteen multiply–adds. Row i, column j of a block with `columns` columns sits at
 * `((i >> 2)·columns + j)·4 + (i & 3)`.
 */
export const PANEL = 4;

/**
 * A tile of scores is at most 64 queries by 64 keys: 32 KB of float64, which stays in the second-level cache together
 * with the query, key and value panels that meet in it.
 */
export const ROWS = 64;
export const COLS = 64;

/** Distance between neighbouring panels of a tile. */
export const TILE_STRIDE = COLS * PANEL;

/** The next multiple of PANEL. */
export function padded(n: number): number {
  return (n + PANEL - 1) & -PANEL;
}
