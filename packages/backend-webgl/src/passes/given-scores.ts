import type { WeightedContextRequest } from '@heed/core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { origin, type Chunk } from '../chunks.js';
import { tilesOf, type Grid } from '../grid.js';
import { FLOATS, eachRow } from '../glsl.js';
import type { ScoreTerms } from '../score-terms.js';
import type { Scope } from '../scope.js';
import { gathering } from './gather.js';

/** The caller's own scores, −∞ where masked. */
export function givenScores(
  scope: Scope,
  scores: TensorInfo,
  { batch, heads, queries, keys }: WeightedContextRequest,
  { inputs, integers, code }: ScoreTerms,
  chunk: Chunk,
): Grid {
  const source = scope.tensor(scores, [batch * heads, queries, keys]);
  const output = scope.grid(chunk.count, chunk.rows, tilesOf(keys), 4);
  scope.draw({
    inputs: { X: source, ...inputs },
    integers: { ...integers, ...origin(chunk), heads, rowsX: queries, columnsX: keys },
    output,
    code: `${FLOATS}
${code}
${gathering('X', source)}
void compute(int n, int r, int c) {
  n += firstN;
  r += firstRow;
  mat4 s = gatheredX(n, r, c);
  bvec4 open;
  vec4 bias;
  ${eachRow(`
  terms(n / heads, n % heads, 4 * r + #, 4 * c, open, bias);
  out# = mix(vec4(MASKED), s[#], open);`)}
}`,
  });
  return output;
}
