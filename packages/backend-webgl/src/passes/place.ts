import { origin, type Chunk } from '../chunks.js';
import type { Grid, TensorGrid } from '../grid.js';
import type { Scope } from '../scope.js';

/** Writes a chunk's tiles where they belong in a packed tensor. */
export function placeTiles(scope: Scope, tiles: Grid, { n, count, row, rows }: Chunk, output: TensorGrid): void {
  scope.draw({
    inputs: { X: tiles },
    integers: { firstN: n, count, firstRow: row },
    output,
    spots: {
      from: (n * output.rows + 2 * row) * output.columns,
      to: ((n + count - 1) * output.rows + Math.min(output.rows, 2 * (row + rows))) * output.columns,
    },
    code: `
void compute(int n, int r, int c) {
  int row = (r >> 1) - firstRow;
  if (n < firstN || n >= firstN + count || row < 0 || row >= sizeX.x) discard;
  ivec2 at = atX(n - firstN, row, c >> 1);
  vec4 upper, lower;
  if ((r & 1) == 0) {
    upper = texelFetch(X0, at, 0);
    lower = texelFetch(X1, at, 0);
  } else {
    upper = texelFetch(X2, at, 0);
    lower = texelFetch(X3, at, 0);
  }
  out0 = (c & 1) == 0 ? vec4(upper.xy, lower.xy) : vec4(upper.zw, lower.zw);
}`,
  });
}

/** Writes a number of each row where it belongs in a flat tensor of [n, queries]. */
export function placeRows(scope: Scope, rows: Grid, queries: number, chunk: Chunk, output: TensorGrid): void {
  scope.draw({
    inputs: { X: rows },
    integers: { ...origin(chunk), count: chunk.count, queries },
    output,
    code: `
void compute(int n, int r, int c) {
  n = c / queries;
  int i = c - n * queries;
  int row = (i >> 2) - firstRow;
  n -= firstN;
  if (n < 0 || n >= count || row < 0 || row >= sizeX.x) discard;
  out0 = vec4(texelFetch(X0, atX(n, row, 0), 0)[i & 3], 0.0, 0.0, 0.0);
}`,
  });
}
