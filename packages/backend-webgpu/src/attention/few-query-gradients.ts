import type { TensorInfo } from '@tensorflow/tfjs-core';
import { FLAT_GROUP, flat } from '../pass.js';
import type { Scope } from '../scope.js';
import { rowCode, type Cotangents } from './row-means.js';
import type { Scores } from './scores.js';
import { BEGIN, SHARES, STRETCH, stretchesOf, sumOverKeys, writing } from './stretches.js';
import { INVOCATIONS, rowReading, vectors } from './tiles.js';
import { pairCode } from './weights.js';

/** As `queryGradients`. */
export function queryGradientsOfFew(
  scope: Scope,
  scores: Scores,
  rows: TensorInfo,
  { dContext, dWeights }: Cotangents,
): TensorInfo {
  const { sizes, pairing } = scores;
  const { batch, heads, queries, width, valueWidth } = sizes;
  const output = scope.output([batch, heads, queries, width]);
  const count = batch * heads * queries;
  const stretches = stretchesOf(sizes);
  const parts = stretches === 1 ? output : scope.scratch(count * stretches * width);
  const { before, vector } = pairing.gradient(
    pairing.own(`readQ(place * ${width}, d)`),
    `readK((matrix + j) * ${width}, d)`,
  );
  scope.run({
    label: 'gradients of few queries',
    inputs: { ...scores.inputs, V: scores.value, G: dContext, R: rows, ...(dWeights && { W: dWeights }) },
    outputs: { Y: parts },
    integers: { ...scores.integers, stretches },
    floats: scores.floats,
    invocations: INVOCATIONS,
    workgroups: flat(count * stretches),
    code: `${scores.code}
${FLAT_GROUP}
${rowCode(dWeights !== undefined)}
${pairCode(scores)}
${rowReading('V', valueWidth)}
${rowReading('G', valueWidth)}
${SHARES}
${BEGIN}
  for (var c = i32(local); c < ${STRETCH}; c += ${INVOCATIONS}) {
    let j = first + c;
    shares[c] = MASKED;
    if (j < span.x || j >= span.y) { continue; }
    let product = pairOf(place, matrix + j);
    let score = scoreOf(b, h, i, j, product);
    if (isMasked(score)) { continue; }
    var inContext = 0.0;
    for (var d = 0; d < ${vectors(valueWidth)}; d++) {
      inContext += dot(readG(place * ${valueWidth}, d), readV((matrix + j) * ${valueWidth}, d));
    }
    shares[c] = slopeOfCap(product) * inBiased(b, h, i, j, product, gradientOf(b, h, i, j, place, rowWeight(place, score), inContext));
  }
  workgroupBarrier();
  ${pairing.setUp}
  ${sumOverKeys(width, before, vector)}
  ${writing('Y', 'n', width)}
}`,
  });
  if (parts !== output) addStretches(scope, parts, output, count * width, width, stretches);
  return output;
}

/** Sums of [rows, stretches, width] over the stretches. */
function addStretches(
  scope: Scope,
  parts: TensorInfo,
  output: TensorInfo,
  count: number,
  width: number,
  stretches: number,
): void {
  scope.run({
    label: 'sums of stretches',
    inputs: { P: parts },
    outputs: { Y: output },
    integers: { count, width, stretches },
    invocations: INVOCATIONS,
    workgroups: flat(Math.ceil(count / INVOCATIONS)),
    code: `${FLAT_GROUP}
fn compute(group: vec3u, local: u32) {
  let at = i32(flatGroup(group)) * ${INVOCATIONS} + i32(local);
  if (at >= u.count) { return; }
  var sum = 0.0;
  for (var n = 0; n < u.stretches; n++) { sum += P[(at / u.width * u.stretches + n) * u.width + at % u.width]; }
  Y[at] = sum;
}`,
  });
}
