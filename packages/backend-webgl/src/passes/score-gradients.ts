import type { Dropout } from '@heed/core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { origin, type Chunk } from '../chunks.js';
import type { Grid } from '../grid.js';
import { EXP, FLOATS, eachRow } from '../glsl.js';
import type { Scope } from '../scope.js';
import { dropoutPart } from './dropout.js';
import { gathering } from './gather.js';
import { slopeOf, type Normalizer } from './normalizers.js';
import { KEY_HEAD, type Heads } from './product.js';

interface Sizes extends Heads {
  readonly batch: number;
  readonly queries: number;
  readonly keys: number;
}

/** Gradients in the weights: dContext·valueᵀ with dropout's factors, and those that came in directly. */
export function weightGradients(
  scope: Scope,
  dContext: Grid,
  value: Grid,
  dWeights: TensorInfo | undefined,
  dropout: Dropout | null,
  { batch, heads, keyHeads, queries, keys }: Sizes,
  chunk: Chunk,
): Grid {
  const output = scope.grid(chunk.count, chunk.rows, Math.ceil(keys / 4), 4);
  const given = dWeights && scope.tensor(dWeights, [batch * heads, queries, keys]);
  const dropping = dropoutPart(dropout);
  scope.draw({
    inputs: { D: dContext, V: value, ...(given && { X: given }) },
    integers: {
      ...dropping.integers,
      ...origin(chunk),
      heads,
      keyHeads,
      queries,
      keys,
      rowsX: queries,
      columnsX: keys,
    },
    floats: dropping.floats,
    output,
    code: `${KEY_HEAD}
${dropping.code}
${given ? gathering('X', given) : ''}
void compute(int n, int r, int c) {
  n += firstN;
  r += firstRow;
  ivec2 left = atD(n, r, 0), right = atV(keyHead(n), c, 0);
  mat4 sum = mat4(0.0);
  for (int k = 0; k < sizeD.y; k++) {
    mat4 v = tileV(right);
    ${eachRow('sum[#] += texelFetch(D#, left, 0) * v;')}
    rightD(left);
    rightV(right);
  }
  int row = n * queries + 4 * r;
  ${eachRow('sum[#] *= dropoutFactors(row + #, 4 * c, keys);')}
  ${given ? 'sum += gatheredX(n, r, c);' : ''}
  ${eachRow('out# = sum[#];')}
}`,
  });
  return output;
}

/**
 * The gradient in scores is g∘(d − Σ g∘d / Σ g), with d that in the weights and g by the normaliser (for softmax the weights
 * themselves, which needn't sum to 1 exactly). These are the means of the rows, less the gradient in logSumExp.
 */
export function rowMeans(
  scope: Scope,
  { scores, statistics, dWeights }: { scores: Grid; statistics: Grid; dWeights: Grid },
  normalizer: Normalizer,
  dLogSumExp: TensorInfo | undefined,
  queries: number,
  chunk: Chunk,
): Grid {
  const parts = Math.ceil(scores.columns / PART);
  const sums = scope.grid(scores.n, scores.rows, parts, 2);
  scope.draw({
    inputs: { S: scores, T: statistics, G: dWeights },
    output: sums,
    code: `${FLOATS}
${EXP}
${slopeOf(normalizer)}
void compute(int n, int r, int c) {
  ivec2 at = atT(n, r, 0);
  vec4 top = texelFetch(T0, at, 0), statistic = texelFetch(T1, at, 0);
  ivec2 left = atS(n, r, c * ${PART}), right = atG(n, r, c * ${PART});
  vec4 products = vec4(0.0), total = vec4(0.0), g, x;
  int end = min((c + 1) * ${PART}, sizeS.y);
  for (int tile = c * ${PART}; tile < end; tile++) {
    mat4 s = tileS(left), d = tileG(right);
    ${eachRow(`
    g = mix(slopeOf(s[#], top[#], statistic[#], 4 * tile), vec4(0.0), isMasked(s[#]));
    x = mix(g * d[#], vec4(0.0), isMasked(s[#]));
    products[#] += sumOf(x);
    total[#] += sumOf(g);`)}
    rightS(left);
    rightG(right);
  }
  out0 = products;
  out1 = total;
}`,
  });
  const output = scope.grid(scores.n, scores.rows, 1, 1);
  const given = dLogSumExp && scope.flat(dLogSumExp);
  scope.draw({
    inputs: { P: sums, ...(given && { X: given }) },
    integers: { ...origin(chunk), queries },
    output,
    code: `
void compute(int n, int r, int c) {
  vec4 products = vec4(0.0), total = vec4(0.0);
  ivec2 at = atP(n, r, 0);
  for (int p = 0; p < sizeP.y; p++) {
    products += texelFetch(P0, at, 0);
    total += texelFetch(P1, at, 0);
    rightP(at);
  }
  out0 = mix(products / total, vec4(0.0), equal(total, vec4(0.0)));
  ${given ? eachRow('if (4 * (r + firstRow) + # < queries) out0[#] -= texelFetch(X0, spotX((n + firstN) * queries + 4 * (r + firstRow) + #), 0).r;') : ''}
}`,
  });
  scope.free(sums);
  return output;
}

const PART = 256;

/** Gradients in the scores, 0 where a position takes no part. `means` are absent for normalisers that have none. */
export function scoreGradients(
  scope: Scope,
  { scores, statistics, dWeights, means }: { scores: Grid; statistics?: Grid; dWeights: Grid; means?: Grid },
  normalizer: Normalizer,
): Grid {
  const output = scope.grid(scores.n, scores.rows, scores.columns, 4);
  scope.draw({
    inputs: { S: scores, G: dWeights, ...(statistics && { T: statistics }), ...(means && { M: means }) },
    output,
    code: `${FLOATS}
${EXP}
${slopeOf(normalizer)}
void compute(int n, int r, int c) {
  mat4 s = tileS(atS(n, r, c)), d = tileG(atG(n, r, c));
  vec4 top = vec4(0.0), statistic = vec4(0.0), mean = vec4(0.0), g;
  ${statistics ? 'ivec2 at = atT(n, r, 0);\n  top = texelFetch(T0, at, 0);\n  statistic = texelFetch(T1, at, 0);' : ''}
  ${means ? 'mean = texelFetch(M0, atM(n, r, 0), 0);' : ''}
  ${eachRow(`
  g = slopeOf(s[#], top[#], statistic[#], 4 * c) * (d[#] - mean[#]);
  out# = mix(g, vec4(0.0), isMasked(s[#]));`)}
}`,
  });
  return output;
}
