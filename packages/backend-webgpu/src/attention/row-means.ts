import type { TensorInfo } from '@tensorflow/tfjs-core';
import { FLAT_GROUP, flat } from '../pass.js';
import type { Scope } from '../scope.js';
import type { Scores } from './scores.js';
import { INVOCATIONS, SUM, rowReading, vectors } from './tiles.js';
import { pairCode } from './weights.js';

export interface Cotangents {
  readonly context: TensorInfo;
  readonly logSumExp: TensorInfo;
  readonly remainder: TensorInfo;
  readonly dContext: TensorInfo;
  readonly dLogSumExp: TensorInfo;
  readonly dWeights?: TensorInfo;
}

/**
 * What the gradients in a row's scores need of the row, three numbers each, as `rowCode` reads them: logSumExp, its remainder, and the
 * mean gradient of the weights less the gradient of logSumExp. The mean Σ_j w_j dw_j is dContext·context, and of gradients that came into the
 * weights themselves, or go through a hook, a sum over the keys.
 */
export function rowMeans(scope: Scope, scores: Scores, cotangents: Cotangents): TensorInfo {
  const { sizes, changesWeights } = scores;
  const { batch, heads, queries, valueWidth } = sizes;
  const { context, logSumExp, remainder, dContext, dLogSumExp, dWeights } = cotangents;
  const count = batch * heads * queries;
  const rows = scope.scratch(3 * count);
  scope.run({
    label: 'mean gradients of contexts',
    inputs: { ...(!changesWeights && { C: context, G: dContext }), E: dLogSumExp, L: logSumExp, M: remainder },
    outputs: { R: rows },
    integers: { count },
    invocations: INVOCATIONS,
    workgroups: flat(Math.ceil(count / INVOCATIONS)),
    code: `${FLAT_GROUP}
fn compute(group: vec3u, local: u32) {
  let place = i32(flatGroup(group)) * ${INVOCATIONS} + i32(local);
  if (place >= u.count) { return; }
  var sum = 0.0;
  ${changesWeights ? '' : `for (var d = place * ${valueWidth}; d < (place + 1) * ${valueWidth}; d++) { sum += C[d] * G[d]; }`}
  R[3 * place] = L[place];
  R[3 * place + 1] = M[place];
  R[3 * place + 2] = sum - E[place];
}`,
  });
  if (dWeights || changesWeights) addMeans(scope, scores, rows, cotangents);
  return rows;
}

/** Adds to the means of rows what only a sum over keys tells: a workgroup has a row. */
function addMeans(scope: Scope, scores: Scores, rows: TensorInfo, { dContext, dWeights }: Cotangents): void {
  const { sizes, changesWeights } = scores;
  const { batch, heads, queries, valueWidth } = sizes;
  scope.run({
    label: 'mean gradients of weights',
    inputs: {
      ...scores.inputs,
      ...(changesWeights && { V: scores.value, G: dContext }),
      ...(dWeights && { W: dWeights }),
    },
    outputs: { R: rows },
    integers: scores.integers,
    floats: scores.floats,
    invocations: INVOCATIONS,
    workgroups: flat(batch * heads * queries),
    code: `${scores.code}
${FLAT_GROUP}
${SUM}
${pairCode(scores)}
${rowCode(dWeights !== undefined)}
${changesWeights ? rowReading('V', valueWidth) + rowReading('G', valueWidth) : ''}
fn compute(group: vec3u, local: u32) {
  let place = i32(flatGroup(group));
  if (place >= u.batch * u.heads * u.queries) { return; }
  let i = place % u.queries;
  let b = place / (u.queries * u.heads);
  let h = place / u.queries % u.heads;
  let span = keysOf(b, i, i);
  var sum = 0.0;
  for (var j = max(span.x, 0) + i32(local); j < span.y; j += ${INVOCATIONS}) {
    let key = keyHead(b, h) * u.keys + j;
    let score = scoreOf(b, h, i, j, pairOf(place, key));
    if (isMasked(score)) { continue; }
    let weight = rowWeight(place, score);
    var inContext = 0.0;
    ${
      changesWeights
        ? `for (var d = 0; d < ${vectors(valueWidth)}; d++) {
      inContext += dot(readG(place * ${valueWidth}, d), readV(key * ${valueWidth}, d));
    }`
        : ''
    }
    sum += weight * inRawWeight(b, h, i, j, weight, inWeightOf(place, j, inContext));
  }
  let whole = summed(sum, local);
  if (local == 0u) { R[3 * place + 2] += whole; }
}`,
  });
}

/** A score's weight from its row, and the gradient in the score, given the product of its value and the context's gradient. */
export const rowCode = (hasWeights: boolean): string => `
fn rowWeight(place: i32, score: f32) -> f32 { return weightOf(score, R[3 * place], R[3 * place + 1]); }
fn inWeightOf(place: i32, j: i32, inContext: f32) -> f32 {
  return inContext * dropoutFactor(place, j)${hasWeights ? ' + W[place * u.keys + j]' : ''};
}
fn gradientOf(b: i32, h: i32, i: i32, j: i32, place: i32, weight: f32, inContext: f32) -> f32 {
  let inWeight = inRawWeight(b, h, i, j, weight, inWeightOf(place, j, inContext));
  return weight * (inWeight - R[3 * place + 2]);
}`;
