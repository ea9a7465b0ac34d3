import { origin, type Chunk } from '../chunks.js';
import type { Grid } from '../grid.js';
import { FLOATS, eachRow } from '../glsl.js';
import type { Scope } from '../scope.js';

/** How query heads share key heads: adjacent ones do. */
export interface Heads {
  readonly heads: number;
  readonly keyHeads: number;
}

export const KEY_HEAD = 'int keyHead(int n) { return (n / heads) * keyHeads + (n % heads) / (heads / keyHeads); }';

/**
 * What a product does when its sum isn't finite, which is when a NaN or ∞ came in: 'show' it; take it for 0 ('clean'), as it
 * shows elsewhere; or leave out what takes no part, which scores of −∞ tell.
 */
export type NonFinite = 'show' | 'clean' | { readonly scores: Grid };

/**
 * A chunk's rows of left·right: tiles of [count, rows, K] and of [n of key heads, K, C].
 */
export function rowsTimes(
  scope: Scope,
  left: Grid,
  right: Grid,
  chunk: Chunk,
  { heads, keyHeads }: Heads,
  { nonFinite, factor = 1 }: { nonFinite: NonFinite; factor?: number },
): Grid {
  const output = scope.grid(chunk.count, chunk.rows, right.columns, 4);
  const skipping = typeof nonFinite === 'object';
  scope.draw({
    inputs: { L: left, R: right, ...(skipping && { S: nonFinite.scores }) },
    integers: { heads, keyHeads, ...origin(chunk) },
    floats: { factor },
    output,
    code: `${FLOATS}
${KEY_HEAD}
vec4 taken(vec4 x, float weight, bool masked) { return masked ? vec4(0.0) : x * weight; }
vec4 taken(mat4 x, vec4 w, vec4 scores) {
  bvec4 masked = isMasked(scores);
  return taken(x[0], w.x, masked.x) + taken(x[1], w.y, masked.y) + taken(x[2], w.z, masked.z) + taken(x[3], w.w, masked.w);
}
void compute(int n, int r, int c) {
  ivec2 start = atL(n, r, 0), top = atR(keyHead(n + firstN), 0, c);
  mat4 sum = mat4(0.0);
  ${loop('mat4 x = tileR(right);', 'x * texelFetch(L#, left, 0)')}
  ${nonFinite === 'clean' ? again('mat4 x = finiteOrZero(tileR(right));', 'x * texelFetch(L#, left, 0)') : ''}
  ${skipping ? again('mat4 x = tileR(right);', 'taken(x, texelFetch(L#, left, 0), texelFetch(S#, atS(n, r, k), 0))') : ''}
  ${eachRow('out# = sum[#] * factor;')}
}`,
  });
  return output;
}

const loop = (load: string, term: string): string => `
  {
    ivec2 left = start, right = top;
    for (int k = 0; k < sizeL.y; k++) {
      ${load}
      ${eachRow(`sum[#] += ${term};`)}
      rightL(left);
      downR(right);
    }
  }`;
const again = (load: string, term: string): string => `if (!isFinite(sum)) { sum = mat4(0.0); ${loop(load, term)} }`;

/**
 * A chunk's leftᵀ·right: tiles of [count, rows, C] and of [n of query heads, R, D], summed over rows and over the query heads
 * of a key head, to tiles of [n of key heads, C, D].
 */
export function columnsTimes(
  scope: Scope,
  left: Grid,
  right: Grid,
  chunk: Chunk,
  { heads, keyHeads }: Heads,
  { nonFinite = 'show', factor = 1 }: { nonFinite?: 'show' | 'clean'; factor?: number } = {},
): Grid {
  const output = scope.grid((right.n / heads) * keyHeads, left.columns, right.columns, 4);
  const load = nonFinite === 'clean' ? 'finiteOrZero(tileR(right))' : 'tileR(right)';
  scope.draw({
    inputs: { L: left, R: right },
    integers: { heads, keyHeads, count: chunk.count, ...origin(chunk) },
    floats: { factor },
    output,
    code: `${FLOATS}
void compute(int n, int r, int c) {
  mat4 sum = mat4(0.0);
  int group = heads / keyHeads;
  int first = max((n / keyHeads) * heads + (n % keyHeads) * group, firstN);
  int end = min((n / keyHeads) * heads + (n % keyHeads + 1) * group, firstN + count);
  for (int head = first; head < end; head++) {
    ivec2 left = atL(head - firstN, 0, r), right = atR(head, firstRow, c);
    for (int i = 0; i < sizeL.x; i++) {
      mat4 y = transpose(tileL(left)), x = ${load};
      ${eachRow('sum[#] += x * y[#];')}
      downL(left);
      downR(right);
    }
  }
  ${eachRow('out# = sum[#] * factor;')}
}`,
  });
  return output;
}
