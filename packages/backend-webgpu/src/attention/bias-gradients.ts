import type { TensorInfo } from '@tensorflow/tfjs-core';
import { FLAT_GROUP, flat } from '../pass.js';
import type { Scope } from '../scope.js';
import { rowCode, type Cotangents } from './row-means.js';
import type { Scores } from './scores.js';
import { INVOCATIONS, SUM, rowReading, vectors } from './tiles.js';
import { pairCode } from './weights.js';

/** The gradient in a dense bias: a workgroup for each of its numbers adds up the positions that read it. */
export function biasGradient(scope: Scope, scores: Scores, rows: TensorInfo, cotangents: Cotangents): TensorInfo {
  const { batch, heads, queries, keys } = scores.sizes;
  const shape = scores.bias.dense!;
  const full = [batch, heads, queries, keys];
  const repeats = full.map((length, axis) => (shape[axis] === 1 ? length : 1));
  const [sizeB, sizeH, sizeI, sizeJ] = shape;
  const [repeatB, repeatH, repeatI, repeatJ] = repeats as [number, number, number, number];
  const integers = { sizeB, sizeH, sizeI, sizeJ, repeatB, repeatH, repeatI, repeatJ };
  return gather(
    scope,
    scores,
    rows,
    cotangents,
    [...shape],
    integers,
    `
  let cell = i32(flatGroup(group));
  let count = u.repeatB * u.repeatH * u.repeatI * u.repeatJ;
  for (var r = i32(local); r < count; r += ${INVOCATIONS}) {
    let b = cell / (u.sizeJ * u.sizeI * u.sizeH) + r / (u.repeatJ * u.repeatI * u.repeatH);
    let h = cell / (u.sizeJ * u.sizeI) % u.sizeH + r / (u.repeatJ * u.repeatI) % u.repeatH;
    let i = cell / u.sizeJ % u.sizeI + r / u.repeatJ % u.repeatI;
    let j = cell % u.sizeJ + r % u.repeatJ;
    if (b < u.batch) { sum += gradientAt(b, h, i, j); }
  }`,
  );
}

/** The gradient in a table of relative positions: the first and the last entry of a row are read from farther away too. */
export function tableGradient(scope: Scope, scores: Scores, rows: TensorInfo, cotangents: Cotangents): TensorInfo {
  const { reach, heads } = scores.bias.relative!;
  const entries = 2 * reach + 1;
  return gather(
    scope,
    scores,
    rows,
    cotangents,
    [heads, entries],
    { entries, tableHeads: heads },
    `
  let cell = i32(flatGroup(group));
  let entry = cell % u.entries;
  let members = select(1, u.heads, u.tableHeads == 1);
  for (var r = i32(local); r < u.batch * members * u.queries; r += ${INVOCATIONS}) {
    let i = r % u.queries;
    let h = cell / u.entries + r / u.queries % members;
    let b = r / (u.queries * members);
    let key = i + Numbers[u.tableOffsets + b] + entry - u.reach;
    var from_ = max(select(key, 0, entry == 0), 0);
    let to = min(select(key, u.keys - 1, entry == u.entries - 1), u.keys - 1);
    for (; from_ <= to; from_++) { sum += gradientAt(b, h, i, from_); }
  }`,
  );
}

function gather(
  scope: Scope,
  scores: Scores,
  rows: TensorInfo,
  { dContext, dWeights }: Cotangents,
  shape: readonly number[],
  integers: Readonly<Record<string, number>>,
  code: string,
): TensorInfo {
  const { valueWidth } = scores.sizes;
  const output = scope.output(shape);
  const cells = shape.reduce((product, length) => product * length, 1);
  scope.run({
    label: 'bias gradients of attention',
    inputs: { ...scores.inputs, V: scores.value, G: dContext, R: rows, ...(dWeights && { W: dWeights }) },
    outputs: { Y: output },
    integers: { ...scores.integers, ...integers, cells },
    floats: scores.floats,
    invocations: INVOCATIONS,
    workgroups: flat(cells),
    code: `${scores.code}
${FLAT_GROUP}
${rowCode(dWeights !== undefined)}
${pairCode(scores)}
${rowReading('V', valueWidth)}
${rowReading('G', valueWidth)}
${SUM}
fn gradientAt(b: i32, h: i32, i: i32, j: i32) -> f32 {
  if (!open(b, h, i, j)) { return 0.0; }
  let place = (b * u.heads + h) * u.queries + i;
  let key = keyHead(b, h) * u.keys + j;
  let product = pairOf(place, key);
  let score = scoreOf(b, h, i, j, product);
  if (isMasked(score)) { return 0.0; }
  var inContext = 0.0;
  for (var d = 0; d < ${vectors(valueWidth)}; d++) {
    inContext += dot(readG(place * ${valueWidth}, d), readV(key * ${valueWidth}, d));
  }
  return inBiased(b, h, i, j, product, gradientOf(b, h, i, j, place, rowWeight(place, score), inContext));
}
fn compute(group: vec3u, local: u32) {
  var sum = 0.0;
  ${code}
  let whole = summed(sum, local);
  if (local == 0u && cell < u.cells) { Y[cell] = whole; }
}`,
  });
  return output;
}
