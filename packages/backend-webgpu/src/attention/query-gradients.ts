import type { TensorInfo } from '@tensorflow/tfjs-core';
import { FLAT_GROUP, flat } from '../pass.js';
import type { Scope } from '../scope.js';
import { rowCode, type Cotangents } from './row-means.js';
import type { Scores } from './scores.js';
import {
  INVOCATIONS,
  dotOf,
  productOf,
  each,
  eachOf,
  loading,
  row,
  rowReading,
  rowWriting,
  tileRows,
  vectors,
} from './tiles.js';

/** Gradients in the queries: as the forward pass, with a query, its context's gradient and its own gradient in registers. */
export function queryGradients(
  scope: Scope,
  scores: Scores,
  rows: TensorInfo,
  { dContext, dWeights }: Cotangents,
): TensorInfo {
  const { sizes, pairing } = scores;
  const { batch, heads, queries, width, valueWidth } = sizes;
  const output = scope.output([batch, heads, queries, width]);
  const tiles = Math.ceil(queries / INVOCATIONS);
  const [inKey, inValue] = [vectors(width), vectors(valueWidth)];
  const tileLength = tileRows(scope.engine.device.limits.maxComputeWorkgroupStorageSize, inKey + inValue);
  const { before, vector } = pairing.gradient('q[d]', `keyTile[c * ${inKey} + d]`);
  scope.run({
    label: 'query gradients of attention',
    inputs: { ...scores.inputs, V: scores.value, G: dContext, R: rows, ...(dWeights && { W: dWeights }) },
    outputs: { Y: output },
    integers: { ...scores.integers, tiles },
    floats: scores.floats,
    invocations: INVOCATIONS,
    workgroups: flat(batch * heads * tiles),
    code: `${scores.code}
${FLAT_GROUP}
${rowCode(dWeights !== undefined)}
${rowReading('Q', width)}
${rowReading('K', width)}
${rowReading('V', valueWidth)}
${rowReading('G', valueWidth)}
var<workgroup> keyTile: array<vec4f, ${tileLength * inKey}>;
var<workgroup> valueTile: array<vec4f, ${tileLength * inValue}>;
fn compute(group: vec3u, local: u32) {
  let tile = i32(flatGroup(group));
  let n = tile / u.tiles;
  let b = n / u.heads;
  let h = n % u.heads;
  let top = tile % u.tiles * ${INVOCATIONS};
  let i = top + i32(local);
  let place = n * u.queries + i;
  ${pairing.setUp}
  ${row('q', width)}
  ${each(width, `q[d] = ${pairing.own(`readQ(place * ${width}, d)`)};`)}
  ${row('g', valueWidth)}
  ${each(valueWidth, `g[d] = readG(place * ${valueWidth}, d);`)}
  ${row('a', width)}
  let span = keysOf(b, top, min(top + ${INVOCATIONS}, u.queries) - 1);
  let end = select(0, span.y, n < u.batch * u.heads);
  let matrix = keyHead(b, h) * u.keys;
  for (var first = max(span.x, 0); first < end; first += ${tileLength}) {
    ${loading('keyTile', 'K', width, tileLength, 'matrix')}
    ${loading('valueTile', 'V', valueWidth, tileLength, 'matrix')}
    workgroupBarrier();
    for (var c = 0; c < ${tileLength}; c++) {
      let j = first + c;
      if (j >= end) { break; }
      ${productOf(pairing, 'q', 'keyTile', width, 'c')}
      let score = scoreOf(b, h, i, j, product);
      if (!isMasked(score)) {
        ${dotOf('inContext', 'g', 'valueTile', valueWidth, 'c')}
        let gradient = slopeOfCap(product) * inBiased(b, h, i, j, product, gradientOf(b, h, i, j, place, rowWeight(place, score), inContext));
        ${eachOf(pairing, width, `${before} a[d] += gradient * ${vector};`)}
      }
    }
    workgroupBarrier();
  }
  if (n >= u.batch * u.heads || i >= u.queries) { return; }
  let at = place * ${width};
  ${rowWriting('Y', 'a', width)}
}`,
  });
  return output;
}
