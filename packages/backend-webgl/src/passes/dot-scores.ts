import type { DotProductAttentionRequest } from '@heed/core';
import { origin, type Chunk } from '../chunks.js';
import { tilesOf, type Grid } from '../grid.js';
import { EXP, FLOATS, TANH, eachRow } from '../glsl.js';
import { termsOrMasked, type ScoreTerms } from '../score-terms.js';
import type { Scope } from '../scope.js';
import { KEY_HEAD } from './product.js';

/** Queries and keys in tiles. */
export interface DotOperands {
  readonly query: Grid;
  readonly key: Grid;
}

/** Scores cap(q·kᵀ·scale) + bias, −∞ where masked. */
export function dotScores(
  scope: Scope,
  { query, key }: DotOperands,
  { heads, keyHeads, keys, scale, softCap }: DotProductAttentionRequest,
  { inputs, integers, code }: ScoreTerms,
  chunk: Chunk,
): Grid {
  const output = scope.grid(chunk.count, chunk.rows, tilesOf(keys), 4);
  scope.draw({
    inputs: { Q: query, K: key, ...inputs },
    integers: { ...integers, ...origin(chunk), heads, keyHeads },
    floats: { scale, ...(softCap !== null && { softCap }) },
    output,
    code: `${FLOATS}
${softCap === null ? '' : EXP + TANH + CAPPED}
${KEY_HEAD}
${code}
void compute(int n, int r, int c) {
  n += firstN;
  r += firstRow;
  int b = n / heads, h = n % heads;
  ${termsOrMasked('b, h')}
  ${PRODUCT}
  ${eachRow(`
  ${softCap === null ? '' : 'sum[#] = capped(sum[#]);'}
  out# = mix(masked, sum[#] + bias#, open#);`)}
}`,
  });
  return output;
}

/** A ratio that is too small for a float may be taken for 0: far below the cap the score is what it is. */
const CAPPED = `
vec4 capped(vec4 s) {
  return mix(softCap * tangent(s / softCap), s, lessThan(abs(s), vec4(1e-4 * softCap)));
}`;

/** Products of query tile r and key tile c. The query is scaled first, so that no sum overflows where the score doesn't. */
const PRODUCT = `
  mat4 sum = mat4(0.0);
  ivec2 left = atQ(n, r, 0), right = atK(keyHead(n), c, 0);
  for (int k = 0; k < sizeQ.y; k++) {
    mat4 x = tileK(right);
    ${eachRow('sum[#] += scale * texelFetch(Q#, left, 0) * x;')}
    rightQ(left);
    rightK(right);
  }`;

/** Gradients in capped scores to those in products: times 1 − tanh²(q·kᵀ·scale / cap). */
export function throughCap(
  scope: Scope,
  { query, key }: DotOperands,
  gradients: Grid,
  { heads, keyHeads, scale, softCap }: DotProductAttentionRequest,
  chunk: Chunk,
): Grid {
  const output = scope.grid(gradients.n, gradients.rows, gradients.columns, 4);
  scope.draw({
    inputs: { Q: query, K: key, D: gradients },
    integers: { ...origin(chunk), heads, keyHeads },
    floats: { scale, softCap: softCap! },
    output,
    code: `${FLOATS}
${EXP}
${TANH}
${KEY_HEAD}
void compute(int n, int r, int c) {
  mat4 d = tileD(atD(n, r, c));
  n += firstN;
  r += firstRow;
  ${PRODUCT}
  // What is masked has a gradient of 0 and may have a product of NaN.
  ${eachRow('out# = mix(d[#] * slopeOfTangent(sum[#] / softCap), d[#], equal(d[#], vec4(0.0)));')}
}`,
  });
  return output;
}
