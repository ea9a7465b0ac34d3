import type { WeightedContextRequest } from '@heed/core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { INVOCATIONS, SUM, joining } from '../attention/tiles.js';
import { FLAT_GROUP, flat } from '../pass.js';
import type { Scope } from '../scope.js';
import { EXP, SIGMOID } from '../wgsl/functions.js';
import { KINDS, NORMALIZERS, eachScore } from './normalizers.js';
import type { Weighing } from './weighing.js';

/** Passes in which a workgroup has a row of scores, and goes through it as often as its normaliser needs. */

/** Weights before dropout, [B, H, Tq, Tk]. */
export function weights(scope: Scope, weighing: Weighing, request: WeightedContextRequest): TensorInfo {
  const { batch, heads, queries, keys } = request;
  const output = scope.output([batch, heads, queries, keys]);
  scope.run({
    label: `${request.normalizer} weights`,
    inputs: weighing.inputs,
    outputs: { W: output },
    integers: weighing.integers,
    floats: weighing.floats,
    invocations: INVOCATIONS,
    workgroups: flat(batch * heads * queries),
    code: `${rowCode(weighing, request)}
${EACH_ROW}
  for (var j = i32(local); j < u.keys; j += stride) {
    let at = rowPlace * u.keys + j;
    var weight = 0.0;
    if (takesPart(j, S[at])) { weight = shareOf(S[at], top, statistic, j).x; }
    W[at] = weight;
  }
}`,
  });
  return output;
}

/**
 * Gradients in scores. Weights are made again: what is saved of a sigmoid near 1 has lost what 1 − w needs.
 *
 * @param inKept gradients in weights after dropout, [B, H, Tq, Tk]
 * @param dWeights those that came into the weights before it
 */
export function scoreGradients(
  scope: Scope,
  weighing: Weighing,
  request: WeightedContextRequest,
  inKept: TensorInfo,
  dWeights: TensorInfo,
): TensorInfo {
  const { batch, heads, queries, keys } = request;
  const { isCentred } = NORMALIZERS[request.normalizer]!;
  const output = scope.output([batch, heads, queries, keys]);
  scope.run({
    label: `${request.normalizer} gradients`,
    inputs: { ...weighing.inputs, P: inKept, E: dWeights },
    outputs: { Y: output },
    integers: weighing.integers,
    floats: weighing.floats,
    invocations: INVOCATIONS,
    workgroups: flat(batch * heads * queries),
    code: `${rowCode(weighing, request)}
fn inWeight(j: i32) -> f32 {
  let at = rowPlace * u.keys + j;
  return P[at] * dropoutFactor(rowPlace, j) + E[at];
}
${EACH_ROW}
  var mean = 0.0;
  ${
    isCentred
      ? `
  var part = vec2f(0.0);
  ${eachScore('let g = shareOf(s, top, statistic, j).y; part += vec2f(g * inWeight(j), g);')}
  let whole = bothSummed(part, local);
  mean = whole.x / whole.y;`
      : ''
  }
  for (var j = i32(local); j < u.keys; j += stride) {
    let at = rowPlace * u.keys + j;
    var gradient = 0.0;
    if (takesPart(j, S[at])) { gradient = shareOf(S[at], top, statistic, j).y * (inWeight(j) - mean); }
    Y[at] = gradient;
  }
}`,
  });
  return output;
}

const rowCode = ({ code }: Weighing, { normalizer }: WeightedContextRequest): string => {
  const { statistic, share } = NORMALIZERS[normalizer]!;
  return `${code}
${EXP}
${SIGMOID}
${FLAT_GROUP}
${SUM}
${joining('bothSummed', 'vec2f', (a, b) => `${a} + ${b}`)}
${joining('bothHighest', 'vec2f', (a, b) => `max(${a}, ${b})`)}
const stride = ${INVOCATIONS};
var<private> rowPlace: i32;
var<private> firstKey: i32;
var<private> endKey: i32;
fn takesPart(j: i32, s: f32) -> bool {
  let n = rowPlace / u.queries;
  return isOpen(n, rowPlace % u.queries, j) && !isMinusInfinity(s);
}
fn statisticOf(top: f32, kind: f32, local: u32) -> f32 { ${statistic} }
fn shareOf(s: f32, top: f32, statistic: f32, j: i32) -> vec2f { ${share} }`;
};

/** The beginning of `compute`: goes to the row, and finds `top` and `statistic`. */
const EACH_ROW = `
fn compute(group: vec3u, local: u32) {
  let place = i32(flatGroup(group));
  if (place >= u.batch * u.heads * u.queries) { return; }
  rowPlace = place;
  let span = keysOf(place / (u.heads * u.queries), place % u.queries, place % u.queries);
  firstKey = max(span.x, 0);
  endKey = span.y;
  var found = vec2f(-3.4028234663852886e38, ${KINDS.none});
  ${eachScore(`
    let kind = select(select(${KINDS.infinite}, ${KINDS.notANumber}, isNaN(s)), ${KINDS.finite}, isFinite(s));
    found.y = max(found.y, kind);
    if (!isNaN(s)) { found.x = max(found.x, s); }`)}
  let highest = bothHighest(found, local);
  let top = highest.x;
  let statistic = statisticOf(top, highest.y, local);`;
