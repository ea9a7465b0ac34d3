import type { TensorInfo } from '@tensorflow/tfjs-core';
import { FLAT_GROUP, flat, type Pass } from '../pass.js';
import type { Scope } from '../scope.js';
import { buffersLeft } from '../limits.js';
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

export interface KeyGradients {
  readonly dKey: TensorInfo;
  readonly dValue: TensorInfo;
  /** Scratch, [B·Hk·Tk, D], of which the gradient in what all pairs have in common is the sum over rows. */
  readonly dCommon: TensorInfo | undefined;
}

/**
 * Gradients in the keys and the values: an invocation has a key, its value and both gradients in registers, and goes through tiles of
 * queries and their contexts' gradients, of one query head after another that shares the key. On a device that can't bind what is written beside what
 * is read, each pass writes as much of it as fits: browsers let shaders have ten buffers, or eight, whatever the card can.
 */
export function keyGradients(scope: Scope, scores: Scores, rows: TensorInfo, cotangents: Cotangents): KeyGradients {
  const { sizes, pairing } = scores;
  const { batch, keyHeads, keys, width, valueWidth } = sizes;
  const dKey = scope.output([batch, keyHeads, keys, width]);
  const dValue = scope.output([batch, keyHeads, keys, valueWidth]);
  const tiles = Math.ceil(keys / INVOCATIONS);
  const [inKey, inValue] = [vectors(width), vectors(valueWidth)];
  const tileLength = tileRows(scope.engine.device.limits.maxComputeWorkgroupStorageSize, inKey + inValue);
  const { before, vector } = pairing.gradient('k[d]', `queryTile[c * ${inKey} + d]`);
  const { common } = pairing;
  const dCommon = common === undefined ? undefined : scope.scratch(batch * keyHeads * keys * width);
  const inputs = keyInputs(scores, rows, cotangents);
  const outputs = { Y: dKey, ...(dCommon && { X: dCommon }), Z: dValue };
  for (const written of inPasses(outputs, buffersLeft(scope, inputs))) run(written);
  return { dKey, dValue, dCommon };

  function run(written: Pass['outputs']): void {
    const of = (name: keyof typeof outputs, code: string): string => (name in written ? code : '');
    scope.run({
      label: 'key and value gradients of attention',
      inputs,
      outputs: written,
      integers: { ...scores.integers, tiles },
      floats: scores.floats,
      invocations: INVOCATIONS,
      workgroups: flat(batch * keyHeads * tiles),
      code: `${scores.code}
${FLAT_GROUP}
${rowCode(cotangents.dWeights !== undefined)}
${rowReading('Q', width)}
${rowReading('K', width)}
${rowReading('V', valueWidth)}
${rowReading('G', valueWidth)}
var<workgroup> queryTile: array<vec4f, ${tileLength * inKey}>;
var<workgroup> gradientTile: array<vec4f, ${tileLength * inValue}>;
fn compute(group: vec3u, local: u32) {
  let tile = i32(flatGroup(group));
  let n = tile / u.tiles;
  let b = n / u.keyHeads;
  let top = tile % u.tiles * ${INVOCATIONS};
  let j = top + i32(local);
  let place = n * u.keys + j;
  ${pairing.setUp}
  ${row('k', width)}
  ${each(width, `k[d] = ${pairing.own(`readK(place * ${width}, d)`)};`)}
  ${row('v', valueWidth)}
  ${each(valueWidth, `v[d] = readV(place * ${valueWidth}, d);`)}
  ${of('Y', row('y', width))}
  ${of('X', row('x', width))}
  ${of('Z', row('z', valueWidth))}
  let span = queriesOf(b, top, min(top + ${INVOCATIONS}, u.keys) - 1);
  let end = select(0, span.y, n < u.batch * u.keyHeads);
  let group_ = u.heads / u.keyHeads;
  for (var member = 0; member < group_; member++) {
    let h = n % u.keyHeads * group_ + member;
    let matrix = (b * u.heads + h) * u.queries;
    for (var first = max(span.x, 0); first < end; first += ${tileLength}) {
      ${loading('queryTile', 'Q', width, tileLength, 'matrix')}
      ${loading('gradientTile', 'G', valueWidth, tileLength, 'matrix')}
      workgroupBarrier();
      for (var c = 0; c < ${tileLength}; c++) {
        let i = first + c;
        if (i >= end) { break; }
        ${productOf(pairing, 'k', 'queryTile', width, 'c')}
        let score = scoreOf(b, h, i, j, product);
        if (!isMasked(score)) {
          let weight = rowWeight(matrix + i, score);
          ${dotOf('inContext', 'v', 'gradientTile', valueWidth, 'c')}
          let gradient = slopeOfCap(product) * inBiased(b, h, i, j, product, gradientOf(b, h, i, j, matrix + i, weight, inContext));
          let kept = hookedWeight(b, h, i, j, weight) * dropoutFactor(matrix + i, j);
          ${eachOf(pairing, width, `${before} ${of('Y', `y[d] += gradient * ${vector};`)} ${of('X', `x[d] += gradient * ${common};`)}`)}
          ${of('Z', each(valueWidth, `z[d] += kept * gradientTile[c * ${inValue} + d];`))}
        }
      }
      workgroupBarrier();
    }
  }
  if (n >= u.batch * u.keyHeads || j >= u.keys) { return; }
  {
    let at = place * ${width};
    ${of('Y', rowWriting('Y', 'y', width))}
    ${of('X', rowWriting('X', 'x', width))}
  }
  let at = place * ${valueWidth};
  ${of('Z', rowWriting('Z', 'z', valueWidth))}
}`,
    });
  }
}

/** What gradients in keys and values are made of. */
export const keyInputs = (
  { inputs, value }: Scores,
  rows: TensorInfo,
  { dContext, dWeights }: Cotangents,
): Pass['inputs'] => ({ ...inputs, V: value, G: dContext, R: rows, ...(dWeights && { W: dWeights }) });

/** Outputs in parts of so many. */
function* inPasses(outputs: Pass['outputs'], most: number): Generator<Pass['outputs']> {
  const all = Object.entries(outputs);
  for (let first = 0; first < all.length; first += most) yield Object.fromEntries(all.slice(first, first + most));
}
