import type { TensorInfo } from '@tensorflow/tfjs-core';
import { FLAT_GROUP, flat } from '../pass.js';
import type { Scope } from '../scope.js';
import type { Scores } from './scores.js';
import { INVOCATIONS, productOf, each, loading, row, rowReading, rowWriting, tileRows, vectors } from './tiles.js';

export interface Rows {
  readonly context: TensorInfo;
  readonly logSumExp: TensorInfo;
  readonly remainder: TensorInfo;
}

/**
 * Context and logSumExp, without an array of scores: an invocation has a query and its context in registers, and goes with its workgroup
 * through tiles of keys and values; the sum and the context are scaled anew when a higher score turns up.
 *
 * @see Dao et al. 2022, arXiv:2205.14135; Milakov & Gimelshein 2018, arXiv:1805.02867
 */
export function forward(scope: Scope, scores: Scores): Rows {
  const { sizes, pairing } = scores;
  const { batch, heads, queries, width, valueWidth } = sizes;
  const context = scope.output([batch, heads, queries, valueWidth]);
  const logSumExp = scope.output([batch, heads, queries]);
  const remainder = scope.output([batch, heads, queries]);
  const tiles = Math.ceil(queries / INVOCATIONS);
  const [inQuery, inValue] = [vectors(width), vectors(valueWidth)];
  const rows = tileRows(scope.engine.device.limits.maxComputeWorkgroupStorageSize, inQuery + inValue);
  scope.run({
    label: 'attention',
    inputs: { ...scores.inputs, V: scores.value },
    outputs: { C: context, L: logSumExp, M: remainder },
    integers: { ...scores.integers, tiles },
    floats: scores.floats,
    invocations: INVOCATIONS,
    workgroups: flat(batch * heads * tiles),
    code: `${scores.code}
${ROW_END}
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
  var highest = MASKED;
  var sum = 0.0;
  var isSpoiled = false;
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
      isSpoiled |= !isFinite(score);
      // One exponential: of the share of this key, or of what the shares before it are worth from now on.
      let ratio = exponential(-abs(score - highest));
      var share = ratio;
      if (score > highest) {
        share = 1.0;
        highest = score;
        sum *= ratio;
        ${each(valueWidth, `a[d] *= ratio;`)}
      }
      sum += share;
      let weight = share * dropoutFactor(place, j);
      ${each(valueWidth, `a[d] += weight * valueTile[c * ${inValue} + d];`)}
    }
    workgroupBarrier();
  }
  if (n >= u.batch * u.heads || i >= u.queries) { return; }
  let end_ = endOfRow(highest, sum, isSpoiled);
  ${each(valueWidth, `a[d] /= end_.divisor;`)}
  let at = place * ${valueWidth};
  ${rowWriting('C', 'a', valueWidth)}
  L[place] = end_.logSumExp;
  M[place] = end_.remainder;
}`,
  });
  return { context, logSumExp, remainder };
}

/** Code of what is left to do for a row: with the sum of shares of its highest score, what its context is divided by, and its logSumExp. */
export const ROW_END = `
struct RowEnd { divisor: f32, logSumExp: f32, remainder: f32 }
fn endOfRow(highest: f32, sum: f32, isSpoiled: bool) -> RowEnd {
  let isEmpty = sum == 0.0;
  let divisor = select(select(sum, 1.0, isEmpty), notANumber(), isSpoiled);
  let log = logarithm(divisor);
  let total = select(highest, 0.0, isSpoiled) + log;
  return RowEnd(
    divisor,
    select(total, minusInfinity(), isEmpty & !isSpoiled),
    select(log - (total - highest), 0.0, isEmpty & !isSpoiled),
  );
}`;
