import type { TensorInfo } from '@tensorflow/tfjs-core';
import { FLAT_GROUP, flat } from '../pass.js';
import type { Scope } from '../scope.js';
import type { Scores } from './scores.js';
import { INVOCATIONS } from './tiles.js';
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
 * weights themselves a sum over the keys.
 */
export function rowMeans(scope: Scope, scores: Scores, cotangents: Cotangents): TensorInfo {
  const { batch, heads, queries, valueWidth } = scores.sizes;
  const { context, logSumExp, remainder, dContext, dLogSumExp, dWeights } = cotangents;
  const count = batch * heads * queries;
  const rows = scope.scratch(3 * count);
  const means = scope.scratch(count);
  const run = { invocations: INVOCATIONS, workgroups: flat(Math.ceil(count / INVOCATIONS)) };
  scope.run({
    ...run,
    label: 'mean gradients of contexts',
    inputs: { C: context, G: dContext, E: dLogSumExp },
    outputs: { D: means },
    integers: { count },
    code: `${FLAT_GROUP}
fn compute(group: vec3u, local: u32) {
  let place = i32(flatGroup(group)) * ${INVOCATIONS} + i32(local);
  if (place >= u.count) { return; }
  var sum = 0.0;
  for (var d = place * ${valueWidth}; d < (place + 1) * ${valueWidth}; d++) { sum += C[d] * G[d]; }
  D[place] = sum - E[place];
}`,
  });
  scope.run({
    ...run,
    label: 'mean gradients of weights',
    inputs: { ...(dWeights && { ...scores.inputs, W: dWeights }), D: means, L: logSumExp, M: remainder },
    outputs: { R: rows },
    integers: { ...scores.integers, count },
    floats: scores.floats,
    code: `${FLAT_GROUP}
${dWeights ? scores.code + pairCode(scores) : ''}
fn compute(group: vec3u, local: u32) {
  let place = i32(flatGroup(group)) * ${INVOCATIONS} + i32(local);
  if (place >= u.count) { return; }
  var mean = D[place];
  ${
    dWeights
      ? `
  let n = place / u.queries;
  let b = n / u.heads;
  let h = n % u.heads;
  for (var j = 0; j < u.keys; j++) {
    let score = scoreOf(b, h, place % u.queries, j, pairOf(place, keyHead(b, h) * u.keys + j));
    if (!isMasked(score)) { mean += weightOf(score, L[place], M[place]) * W[place * u.keys + j]; }
  }`
      : ''
  }
  R[3 * place] = L[place];
  R[3 * place + 1] = M[place];
  R[3 * place + 2] = mean;
}`,
  });
  return rows;
}

/** A score's weight from its row, and the gradient in the score, given the product of its value and the context's gradient. */
export const rowCode = (hasWeights: boolean): string => `
fn rowWeight(place: i32, score: f32) -> f32 { return weightOf(score, R[3 * place], R[3 * place + 1]); }
fn gradientOf(place: i32, weight: f32, inContext: f32, j: i32) -> f32 {
  let inWeight = inContext * dropoutFactor(place, j)${hasWeights ? ' + W[place * u.keys + j]' : ''};
  return weight * (inWeight - R[3 * place + 2]);
}`;
