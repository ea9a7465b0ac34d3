import type { BiasParts } from '@heed/core';
import type { Chunk } from '../chunks.js';
import { tilesOf, type Grid } from '../grid.js';
import { eachRow } from '../glsl.js';
import type { Scope } from '../scope.js';

/**
 * Gradients in scores by the entry of a relative-position table that they read: of each row, tiles of [n, Tq, 2R + 1]. An
 * entry but the first and the last is read by one key at most.
 */
export function byEntry(
  scope: Scope,
  gradients: Grid,
  { reach, offsets }: NonNullable<BiasParts['relative']>,
  { heads, keys }: { heads: number; keys: number },
  { n, row }: Chunk,
): Grid {
  const entries = 2 * reach + 1;
  const output = scope.grid(gradients.n, gradients.rows, tilesOf(entries), 4);
  scope.draw({
    inputs: { D: gradients, O: scope.numbers([...offsets]) },
    integers: { firstN: n, firstRow: row, heads, keys, reach, entries },
    output,
    code: `
${eachRow(`
float row#(int n, int r, int from, int to) {
  float sum = 0.0;
  for (int j = max(from, 0); j <= min(to, keys - 1); j++) sum += texelFetch(D#, atD(n, r, j >> 2), 0)[j & 3];
  return sum;
}`)}
void compute(int n, int r, int c) {
  int b = (n + firstN) / heads;
  int offset = int(texelFetch(O0, spotO(b >> 2), 0)[b & 3]);
  mat4 x;
  for (int l = 0; l < 4; l++) {
    int entry = 4 * c + l;
    int key = 4 * (r + firstRow) + offset + entry - reach;
    // The first and the last are read from farther away too.
    ${eachRow('x[#][l] = entry < entries ? row#(n, r, entry == 0 ? 0 : key + #, entry == entries - 1 ? keys : key + #) : 0.0;')}
  }
  ${eachRow('out# = x[#];')}
}`,
  });
  return output;
}
