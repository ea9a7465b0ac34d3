import { origin, type Chunk } from '../chunks.js';
import type { Grid, TensorGrid } from '../grid.js';
import { eachRow } from '../glsl.js';
import type { Scope } from '../scope.js';

/** Tiles plus those that earlier chunks gave, if there were any; takes back both. */
export function added(scope: Scope, tiles: Grid, before: Grid | undefined): Grid {
  if (before === undefined) return tiles;
  const output = scope.grid(tiles.n, tiles.rows, tiles.columns, 4);
  scope.draw({
    inputs: { X: tiles, B: before },
    output,
    code: `
void compute(int n, int r, int c) {
  ivec2 at = atX(n, r, c);
  ${eachRow('out# = texelFetch(X#, at, 0) + texelFetch(B#, at, 0);')}
}`,
  });
  scope.free(tiles, before);
  return output;
}

/** Sums of the columns of tiles, [n, 1, C]: a sheet with four columns a texel. */
export function columnSums(scope: Scope, tiles: Grid): Grid {
  const output = scope.grid(tiles.n, 1, tiles.columns, 1);
  scope.draw({
    inputs: { X: tiles },
    output,
    code: `
void compute(int n, int r, int c) {
  vec4 sum = vec4(0.0);
  ivec2 at = atX(n, 0, c);
  for (int k = 0; k < sizeX.x; k++) {
    mat4 x = tileX(at);
    sum += (x[0] + x[1]) + (x[2] + x[3]);
    downX(at);
  }
  out0 = sum;
}`,
  });
  return output;
}

/** Sums of the rows of tiles, [n, R, 1]: a sheet with four rows a texel. */
export function rowSums(scope: Scope, tiles: Grid): Grid {
  const output = scope.grid(tiles.n, tiles.rows, 1, 1);
  scope.draw({
    inputs: { X: tiles },
    output,
    code: `
void compute(int n, int r, int c) {
  mat4 sum = mat4(0.0);
  ivec2 at = atX(n, r, 0);
  for (int k = 0; k < sizeX.y; k++) {
    sum += tileX(at);
    rightX(at);
  }
  ${eachRow('out0[#] = (sum[#].x + sum[#].y) + (sum[#].z + sum[#].w);')}
}`,
  });
  return output;
}

/**
 * Adds to `before` a chunk of [B, H, Tq, Tk] tiles, summed over the axes that are 1 in `shape`. Without those of rows and
 * columns, what is left is summed by each of the outputs.
 */
export function addSummed(
  scope: Scope,
  tiles: Grid,
  shape: readonly number[],
  { heads, queries, keys }: { heads: number; queries: number; keys: number },
  chunk: Chunk,
  before: TensorGrid | undefined,
): TensorGrid {
  const [batches, bands, rows, columns] = shape as [number, number, number, number];
  const [overRows, overColumns] = [rows < queries || queries === 1, columns < keys || keys === 1];
  const partial = overColumns ? rowSums(scope, tiles) : overRows ? columnSums(scope, tiles) : tiles;
  const output = scope.flatOutput(shape);
  scope.draw({
    inputs: { X: partial, ...(before && { B: before }) },
    integers: { ...origin(chunk), count: chunk.count, heads, batches, bands, rows, columns },
    output,
    code: `
${partOf(overRows, overColumns)}
void compute(int n, int r, int c) {
  int j = c % columns, i = (c / columns) % rows, h = (c / (columns * rows)) % bands, b = c / (columns * rows * bands);
  float sum = ${before === undefined ? '0.0' : 'texelFetch(B0, spotB(c), 0).r'};
  for (int n = firstN; n < firstN + count; n++) {
    if ((batches == 1 || n / heads == b) && (bands == 1 || n % heads == h)) sum += partAt(n - firstN, i, j);
  }
  out0 = vec4(sum, 0.0, 0.0, 0.0);
}`,
  });
  if (partial !== tiles) scope.free(partial);
  if (before !== undefined) scope.discard(before);
  return output;
}

/**
 * Code of `float partAt(n, i, j)`: what row i and column j have of a chunk's n, of grid X, which is tiles or their sums over rows or columns;
 * what is left of sums over both is summed here.
 */
export function partOf(overRows: boolean, overColumns: boolean): string {
  return `float partAt(int n, int i, int j) {
  ${partAt(overRows, overColumns)}
}`;
}

function partAt(overRows: boolean, overColumns: boolean): string {
  if (overColumns && overRows) {
    // Long sums keep what their rounding loses (Kahan 1965).
    return `vec4 sum = vec4(0.0), lost = vec4(0.0);
  for (int r = 0; r < sizeX.x; r++) {
    vec4 x = texelFetch(X0, atX(n, r, 0), 0) - lost, next = sum + x;
    lost = (next - sum) - x;
    sum = next;
  }
  return (sum.x + sum.y) + (sum.z + sum.w);`;
  }
  if (overRows) return 'return texelFetch(X0, atX(n, 0, j >> 2), 0)[j & 3];';
  const row = 'int r = (i >> 2) - firstRow; if (r < 0 || r >= sizeX.x) return 0.0;';
  if (overColumns) return `${row} return texelFetch(X0, atX(n, r, 0), 0)[i & 3];`;
  return `${row} return tileX(atX(n, r, j >> 2))[i & 3][j & 3];`;
}
