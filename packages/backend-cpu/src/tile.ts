/**
 * Products work on panels, so that their inner loop reads neighbouring numbers: LEFT rows of a left operand side by side,
 * element by element, and RIGHT columns of a right operand. What comes out is in panels of LEFT rows again, ready to be
 * the left operand of the next product: row i, column j of a product with `stride` numbers to a panel sits at
 * `(i >> 1)·stride + 2·j + (i & 1)`.
 *
 * 2 × 3 is what V8 keeps in registers: the six sums, six products and five operands fit into the fifteen there are.
 * Measured on x86-64 that gives 12.4 GFLOP/s, where 3 × 3, 2 × 4 and larger spill and give 5 to 6.
 */
export const LEFT = 2;
export const RIGHT = 3;

/**
 * A tile of scores is at most 64 queries by 48 keys: 24 KB of float64, which stays close to the processor together with
 * the panels that meet in it. ROWS is a multiple of LEFT; COLS of LEFT, RIGHT and the four keys that additive scores take
 * at a time.
 */
export const ROWS = 64;
export const COLS = 48;

/** Distance between neighbouring panels of a tile. */
export const TILE_STRIDE = COLS * LEFT;

/** Where row r of a tile begins; its elements are LEFT apart. */
export function rowStart(r: number): number {
  return laneStart(r, TILE_STRIDE);
}

/** Where row r begins in panels that are `stride` apart; its elements are LEFT apart. */
export function laneStart(r: number, stride: number): number {
  return (r >> 1) * stride + (r & 1);
}

/** How many panels hold n rows. */
export function leftPanels(n: number): number {
  return (n + 1) >> 1;
}

/** How many panels hold n columns. */
export function rightPanels(n: number): number {
  return Math.ceil(n / RIGHT);
}

/** How many columns a product has that n are asked of: the next multiple of RIGHT. */
export function paddedColumns(n: number): number {
  return rightPanels(n) * RIGHT;
}

/** How many rows a product has that n are asked of. */
export function paddedRows(n: number): number {
  return leftPanels(n) * LEFT;
}

/** Where the block that holds key j begins. */
export function firstBlock(j: number): number {
  return j - (j % COLS);
}
