import type { TensorInfo } from '@tensorflow/tfjs-core';
import { FLAT_GROUP, flat } from '../pass.js';
import type { Scope } from '../scope.js';
import type { Rows } from './forward.js';
import type { Scores } from './scores.js';
import { INVOCATIONS, productOf, each, loading, row, rowReading, rowWriting, tileRows, vectors } from './tiles.js';

/** Contexts where a hook changes weights, which are known once all scores of a row are: the same way once more. */
export function hookedContexts(scope: Scope, scores: Scores, { logSumExp, remainder }: Rows): TensorInfo {
  const { sizes, pairing } = scores;
  const { batch, heads, queries, width, valueWidth } = sizes;
  const context = scope.output([batch, heads, queries, valueWidth]);
  const tiles = Math.ceil(queries / INVOCATIONS);
  const [inQuery, inValue] = [vectors(width), vectors(valueWidth)];
  const rows = tileRows(scope.engine.device.limits.maxComputeWorkgroupStorageSize, inQuery + inValue);
  scope.run({
    label: 'contexts of hooked weights',
    inputs: { ...scores.inputs, V: scores.value, L: logSumExp, M: remainder },
    outputs: { C: context },
    integers: { ...scores.integers, tiles },
    floats: scores.floats,
    invocations: INVOCATIONS,
    workgroups: flat(batch * heads * tiles),
    code: `${scores.code}
${FLAT_GROUP}
${rowReading('Q', width)}
${rowReading('K', width)}
${rowReading('V', valueWidth)}
var<workgroup> keyTile: array<vec4f, ${rows * inQuery}>;
var<workgroup> valueTile: array<vec4f, ${rows * inValue}>;
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
  ${row('a', valueWidth)}
  let span = keysOf(b, top, min(top + ${INVOCATIONS}, u.queries) - 1);
  let end = select(0, span.y, n < u.batch * u.heads);
  let matrix = keyHead(b, h) * u.keys;
  for (var first = max(span.x, 0); first < end; first += ${rows}) {
    ${loading('keyTile', 'K', width, rows, 'matrix')}
    ${loading('valueTile', 'V', valueWidth, rows, 'matrix')}
    workgroupBarrier();
    for (var c = 0; c < ${rows}; c++) {
      let j = first + c;
      if (j >= end) { break; }
      ${productOf(pairing, 'q', 'keyTile', width, 'c')}
      let score = scoreOf(b, h, i, j, product);
      if (isMasked(score)) { continue; }
      let weight = hookedWeight(b, h, i, j, weightOf(score, L[place], M[place])) * dropoutFactor(place, j);
      ${each(valueWidth, `a[d] += weight * valueTile[c * ${inValue} + d];`)}
    }
    workgroupBarrier();
  }
  if (n >= u.batch * u.heads || i >= u.queries) { return; }
  let at = place * ${valueWidth};
  ${rowWriting('C', 'a', valueWidth)}
}`,
  });
  return context;
}
