import type { Dropout } from '@heed/core';
import { origin, type Chunk } from '../chunks.js';
import type { Grid } from '../grid.js';
import { EXP, FLOATS, eachRow } from '../glsl.js';
import type { Scope } from '../scope.js';
import { dropoutPart } from './dropout.js';
import { weightOf, type Normalizer } from './normalizers.js';

/** Tiles of weights from tiles of scores, 0 where a position takes no part; with dropout's factors. */
export function weightTiles(
  scope: Scope,
  scores: Grid,
  statistics: Grid | undefined,
  normalizer: Normalizer,
  dropout: Dropout | null,
  { queries, keys }: { queries: number; keys: number },
  chunk: Chunk,
): Grid {
  const output = scope.grid(scores.n, scores.rows, scores.columns, 4);
  const dropping = dropoutPart(dropout);
  scope.draw({
    inputs: { S: scores, ...(statistics && { T: statistics }) },
    integers: { ...dropping.integers, ...origin(chunk), queries, keys },
    floats: dropping.floats,
    output,
    code: `${FLOATS}
${EXP}
${dropping.code}
${weightOf(normalizer)}
void compute(int n, int r, int c) {
  mat4 s = tileS(atS(n, r, c));
  ${statistics === undefined ? 'vec4 top, sum;' : 'ivec2 at = atT(n, r, 0);\n  vec4 top = texelFetch(T0, at, 0), sum = texelFetch(T1, at, 0);'}
  int row = (n + firstN) * queries + 4 * (r + firstRow);
  ${eachRow(`
  out# = vec4(0.0);
  if (!all(isMasked(s[#]))) {
    vec4 w = weightOf(s[#], top[#], sum[#], 4 * c) * dropoutFactors(row + #, 4 * c, keys);
    out# = mix(w, vec4(0.0), isMasked(s[#]));
  }`)}
}`,
  });
  return output;
}
