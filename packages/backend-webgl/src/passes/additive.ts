import type { AdditiveAttentionRequest } from '@heed/core';
import { origin, type Chunk } from '../chunks.js';
import { tilesOf, type Grid, type TensorGrid } from '../grid.js';
import { EXP, FLOATS, TANH, eachRow } from '../glsl.js';
import { termsOrMasked, type ScoreTerms } from '../score-terms.js';
import type { Scope } from '../scope.js';

/** Queries, keys and v in tiles; v is a single row. */
export interface AdditiveOperands {
  readonly query: Grid;
  readonly key: Grid;
  readonly vector: Grid;
}

/** v without the three empty rows of its tiles. */
const onlyRow = (vector: Grid): Grid => ({ ...vector, sheets: vector.sheets.slice(0, 1) });

/** Scores vᵀ·tanh(q + k), −∞ where masked. */
export function additiveScores(
  scope: Scope,
  { query, key, vector }: AdditiveOperands,
  { keys }: AdditiveAttentionRequest,
  { inputs, integers, code }: ScoreTerms,
  chunk: Chunk,
): Grid {
  const output = scope.grid(chunk.count, chunk.rows, tilesOf(keys), 4);
  scope.draw({
    inputs: { Q: query, K: key, V: onlyRow(vector), ...inputs },
    integers: { ...integers, ...origin(chunk) },
    output,
    code: `${FLOATS}
${EXP}
${TANH}
${code}
void compute(int n, int r, int c) {
  n += firstN;
  r += firstRow;
  int b = n;
  ${termsOrMasked('b, 0')}
  mat4 sum = mat4(0.0);
  ivec2 left = atQ(n, r, 0), right = atK(n, c, 0), middle = atV(0, 0, 0);
  for (int u = 0; u < sizeQ.y; u++) {
    mat4 q = tileQ(left), k = tileK(right);
    vec4 v = texelFetch(V0, middle, 0);
    ${eachRow(`
    sum[#] += vec4(dot(v, tangent(q[#] + k[0])), dot(v, tangent(q[#] + k[1])),
      dot(v, tangent(q[#] + k[2])), dot(v, tangent(q[#] + k[3])));`)}
    rightQ(left);
    rightK(right);
    rightV(middle);
  }
  ${eachRow('out# = mix(masked, sum[#], open#);')}
}`,
  });
  return output;
}

/**
 * A sum over pairs, and once more when it isn't finite: then some energy may be a NaN where nothing attends, which a gradient
 * of 0 tells.
 */
function twice(sum: (times: string) => string): string {
  return `{ ${sum('plain')} }
  if (!isFinite(sum)) {
    sum = mat4(0.0);
    ${sum('unlessZero')}
  }`;
}

const TIMES = `
vec4 plain(float d, vec4 x) { return d * x; }
vec4 unlessZero(float d, vec4 x) { return d == 0.0 ? vec4(0.0) : d * x; }`;

/** Σ_j dScores_ij·of(q_i + k_j) for each row and unit of query tile q. */
const sumOverKeys = (of: string): string =>
  twice(
    (times) => `
  ivec2 left = atD(n, r, 0), right = atK(n + firstN, 0, c);
  for (int j = 0; j < sizeD.y; j++) {
    mat4 d = tileD(left), k = tileK(right);
    ${eachRow(`
    sum[#] += ${times}(d[#].x, ${of}(q[#] + k[0])) + ${times}(d[#].y, ${of}(q[#] + k[1]))
      + ${times}(d[#].z, ${of}(q[#] + k[2])) + ${times}(d[#].w, ${of}(q[#] + k[3]));`)}
    rightD(left);
    downK(right);
  }`,
  );

/** A chunk's gradients in queries: v∘Σ_j dScores_ij (1 − tanh²(q_i + k_j)). */
export function queryGradients(
  scope: Scope,
  { query, key, vector }: AdditiveOperands,
  dScores: Grid,
  chunk: Chunk,
): Grid {
  const output = scope.grid(chunk.count, chunk.rows, query.columns, 4);
  scope.draw({
    inputs: { Q: query, K: key, V: onlyRow(vector), D: dScores },
    integers: { ...origin(chunk) },
    output,
    code: `${FLOATS}
${EXP}
${TANH}
${TIMES}
void compute(int n, int r, int c) {
  mat4 q = tileQ(atQ(n + firstN, r + firstRow, c)), sum = mat4(0.0);
  ${sumOverKeys('slopeOfTangent')}
  vec4 v = texelFetch(V0, atV(0, 0, c), 0);
  ${eachRow('out# = sum[#] * v;')}
}`,
  });
  return output;
}

/** A chunk's gradients in keys: v∘Σ_i dScores_ij (1 − tanh²(q_i + k_j)). */
export function keyGradients(
  scope: Scope,
  { query, key, vector }: AdditiveOperands,
  dScores: Grid,
  chunk: Chunk,
): Grid {
  const output = scope.grid(key.n, key.rows, key.columns, 4);
  scope.draw({
    inputs: {
      Q: query,
      K: key,
      V: onlyRow(vector),
      D: dScores,
    },
    integers: { ...origin(chunk), count: chunk.count },
    output,
    code: `${FLOATS}
${EXP}
${TANH}
${TIMES}
void compute(int n, int r, int c) {
  mat4 sum = mat4(0.0);
  if (n >= firstN && n < firstN + count) {
    mat4 k = tileK(atK(n, r, c));
    ${twice(
      (times) => `
    ivec2 left = atD(n - firstN, 0, r), right = atQ(n, firstRow, c);
    for (int i = 0; i < sizeD.x; i++) {
      mat4 d = transpose(tileD(left)), q = tileQ(right);
      ${eachRow(`
      sum[#] += ${times}(d[#].x, slopeOfTangent(q[0] + k[#])) + ${times}(d[#].y, slopeOfTangent(q[1] + k[#]))
        + ${times}(d[#].z, slopeOfTangent(q[2] + k[#])) + ${times}(d[#].w, slopeOfTangent(q[3] + k[#]));`)}
      downD(left);
      downQ(right);
    }`,
    )}
    vec4 v = texelFetch(V0, atV(0, 0, c), 0);
    ${eachRow('sum[#] *= v;')}
  }
  ${eachRow('out# = sum[#];')}
}`,
  });
  return output;
}

/** Adds a chunk's gradient in v, Σ_ij dScores_ij tanh(q_i + k_j), to that of earlier chunks. */
export function addVectorGradient(
  scope: Scope,
  { query, key }: AdditiveOperands,
  dScores: Grid,
  units: number,
  chunk: Chunk,
  before: TensorGrid | undefined,
): TensorGrid {
  const parts = scope.grid(chunk.count, chunk.rows, query.columns, 1);
  scope.draw({
    inputs: { Q: query, K: key, D: dScores },
    integers: { ...origin(chunk) },
    output: parts,
    code: `${FLOATS}
${EXP}
${TANH}
${TIMES}
void compute(int n, int r, int c) {
  mat4 q = tileQ(atQ(n + firstN, r + firstRow, c)), sum = mat4(0.0);
  ${sumOverKeys('tangent')}
  out0 = (sum[0] + sum[1]) + (sum[2] + sum[3]);
}`,
  });
  const output = scope.flatOutput([units]);
  scope.draw({
    inputs: { X: parts, ...(before && { B: before }) },
    integers: { rowsOfAll: parts.n * parts.rows },
    output,
    code: `
void compute(int n, int r, int c) {
  vec4 sum = vec4(0.0);
  ivec2 at = atX(0, 0, c >> 2);
  for (int k = 0; k < rowsOfAll; k++) {
    sum += texelFetch(X0, at, 0);
    downX(at);
  }
  out0 = vec4(sum[c & 3], 0.0, 0.0, 0.0);
  ${before === undefined ? '' : 'out0.x += texelFetch(B0, spotB(c), 0).r;'}
}`,
  });
  scope.free(parts);
  if (before !== undefined) scope.discard(before);
  return output;
}
