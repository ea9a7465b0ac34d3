import type { Grid } from '../grid.js';
import { EXP, FLOATS, eachRow } from '../glsl.js';
import type { Scope } from '../scope.js';
import { SUM, type Normalizer } from './normalizers.js';

/**
 * Each row's highest score and its normaliser's statistic, which its weights are made with; undefined for a normaliser without
 * one. NaN in the statistic spoils the row.
 */
export function rowStatistics(scope: Scope, scores: Grid, { statistic }: Normalizer): Grid | undefined {
  if (statistic === undefined) return undefined;
  if (statistic === SUM) return softmaxStatistics(scope, scores);
  const output = scope.grid(scores.n, scores.rows, 1, 2);
  scope.draw({
    inputs: { S: scores },
    output,
    code: `${FLOATS}
${HIGHEST}
${statistic}
void compute(int n, int r, int c) {
  bvec4 spoiled;
  vec4 top = highest(atS(n, r, 0), sizeS.y, spoiled);
  out0 = top;
  out1 = mix(statistic(atS(n, r, 0), top), vec4(notANumber()), spoiled);
}`,
  });
  return output;
}

/** The highest of four rows, and whether one holds a NaN. */
const HIGHEST = `
vec4 highest(ivec2 at, int tiles, out bvec4 spoiled) {
  vec4 top = vec4(MASKED);
  vec4 nans = vec4(0.0);
  for (int c = 0; c < tiles; c++) {
    mat4 s = tileS(at);
    ${eachRow(`
    if (any(isNaN(s[#]))) nans[#] = 1.0;
    top[#] = max(top[#], maxOf(s[#]));`)}
    rightS(at);
  }
  spoiled = greaterThan(nans, vec4(0.5));
  return top;
}`;

/** Tiles that one fragment goes through: rows that are longer are split, so that no loop is long and more run side by side. */
const PART = 256;

function softmaxStatistics(scope: Scope, scores: Grid): Grid {
  const parts = Math.ceil(scores.columns / PART);
  const partial = scope.grid(scores.n, scores.rows, parts, 2);
  scope.draw({
    inputs: { S: scores },
    output: partial,
    code: `${FLOATS}
${EXP}
${HIGHEST}
void compute(int n, int r, int c) {
  ivec2 at = atS(n, r, c * ${PART});
  int tiles = min(${PART}, sizeS.y - c * ${PART});
  bvec4 spoiled;
  vec4 top = highest(at, tiles, spoiled);
  vec4 base = mix(top, vec4(0.0), isMasked(top));
  vec4 sum = vec4(0.0);
  for (int c = 0; c < tiles; c++) {
    mat4 s = tileS(at);
    ${eachRow('sum[#] += sumOf(mix(exponential(s[#] - base[#]), vec4(0.0), isMasked(s[#])));')}
    rightS(at);
  }
  out0 = top;
  out1 = mix(sum, vec4(notANumber()), spoiled);
}`,
  });
  return parts === 1 ? partial : merged(scope, partial);
}

function merged(scope: Scope, partial: Grid): Grid {
  const output = scope.grid(partial.n, partial.rows, 1, 2);
  scope.draw({
    inputs: { P: partial },
    output,
    code: `${FLOATS}
${EXP}
void compute(int n, int r, int c) {
  vec4 top = vec4(MASKED);
  ivec2 at = atP(n, r, 0);
  for (int p = 0; p < sizeP.y; p++) {
    top = max(top, texelFetch(P0, at, 0));
    rightP(at);
  }
  vec4 base = mix(top, vec4(0.0), isMasked(top));
  vec4 sum = vec4(0.0);
  at = atP(n, r, 0);
  for (int p = 0; p < sizeP.y; p++) {
    sum += texelFetch(P1, at, 0) * exponential(texelFetch(P0, at, 0) - base);
    rightP(at);
  }
  out0 = top;
  out1 = sum;
}`,
  });
  scope.free(partial);
  return output;
}

/** The logSumExp of each row, −∞ where nothing takes part; and in a second sheet its remainder. */
export function logSumExpRows(scope: Scope, statistics: Grid): Grid {
  const output = scope.grid(statistics.n, statistics.rows, 1, 2);
  scope.draw({
    inputs: { T: statistics },
    output,
    code: `${FLOATS}
void compute(int n, int r, int c) {
  ivec2 at = atT(n, r, 0);
  vec4 top = texelFetch(T0, at, 0), sum = texelFetch(T1, at, 0);
  bvec4 empty = equal(sum, vec4(0.0)), spoiled = isNaN(sum); // a driver's logarithm may make a number of a NaN
  vec4 log_ = log(sum), total = top + log_;
  out0 = mix(mix(total, vec4(minusInfinity()), empty), sum, spoiled);
  out1 = mix(mix(log_ - (total - top), vec4(0.0), empty), sum, spoiled);
}`,
  });
  return output;
}
