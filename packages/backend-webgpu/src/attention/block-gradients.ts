import type { TensorInfo } from '@tensorflow/tfjs-core';
import { FLAT_GROUP, flat } from '../pass.js';
import type { Scope } from '../scope.js';
import {
  BLOCK,
  BLOCK_MEMORY,
  PLACE,
  SCORES,
  addProducts,
  addRows,
  keepCoefficients,
  numberReading,
  sums,
  writeSums,
} from './blocks.js';
import { keyInputs, type KeyGradients } from './key-gradients.js';
import { rowCode, type Cotangents } from './row-means.js';
import type { Scores } from './scores.js';
import { INVOCATIONS } from './tiles.js';

/** Gradients of dot products in blocks, as the forward pass goes. Their scores are made again, and then products of contexts' gradients and values. */

/** Gradients in the queries. */
export function blockQueryGradients(
  scope: Scope,
  scores: Scores,
  rows: TensorInfo,
  { dContext, dWeights }: Cotangents,
): TensorInfo {
  const { batch, heads, queries, width } = scores.sizes;
  const output = scope.output([batch, heads, queries, width]);
  const blocks = Math.ceil(queries / BLOCK);
  scope.run({
    label: 'query gradients of attention',
    inputs: { ...scores.inputs, V: scores.value, G: dContext, R: rows, ...(dWeights && { W: dWeights }) },
    outputs: { Y: output },
    integers: { ...scores.integers, blocks },
    floats: scores.floats,
    invocations: INVOCATIONS,
    workgroups: flat(batch * heads * blocks),
    code: `${pairCode(scores, dWeights !== undefined)}
${BLOCK_MEMORY}
fn compute(group: vec3u, local: u32) {
  ${PLACE}
  let n = i32(flatGroup(group)) / u.blocks;
  let top = i32(flatGroup(group)) % u.blocks * ${BLOCK};
  if (n >= u.batch * u.heads) { return; }
  let b = n / u.heads;
  let h = n % u.heads;
  let place = n * u.queries;
  let matrix = keyHead(b, h) * u.keys;
  let span = keysOf(b, top, min(top + ${BLOCK}, u.queries) - 1);
  var a: array<vec4f, ${sums(width)}>;
  for (var first = max(span.x, 0); first < span.y; first += ${BLOCK}) {
    ${blockProducts(scores, 'queries')}
    for (var m = 0; m < ${SCORES}; m++) {
      let products = s[m];
      let contexts = p[m];
      let i = top + 4 * down;
      let j = first + across + 8 * m;
      ${keepCoefficients(
        'm',
        four((l) => `pairAt(b, h, i + ${l}, j, place + i + ${l}, products[${l}], contexts[${l}]).y`),
      )}
    }
    ${addRows('a', { name: 'ScaledK', matrix: 'matrix', first: 'first' }, width)}
  }
  ${writeSums('Y', 'a', 'place', 'u.queries', width)}
}`,
  });
  return output;
}

/** Gradients in the keys and the values: a workgroup has some keys, and goes through blocks of queries of one head after another that shares them. */
export function blockKeyGradients(
  scope: Scope,
  scores: Scores,
  rows: TensorInfo,
  cotangents: Cotangents,
): KeyGradients {
  const { batch, keyHeads, keys, width, valueWidth } = scores.sizes;
  const dKey = scope.output([batch, keyHeads, keys, width]);
  const dValue = scope.output([batch, keyHeads, keys, valueWidth]);
  const blocks = Math.ceil(keys / BLOCK);
  scope.run({
    label: 'key and value gradients of attention',
    inputs: keyInputs(scores, rows, cotangents),
    outputs: { Y: dKey, Z: dValue },
    integers: { ...scores.integers, blocks },
    floats: scores.floats,
    invocations: INVOCATIONS,
    workgroups: flat(batch * keyHeads * blocks),
    code: `${pairCode(scores, cotangents.dWeights !== undefined)}
${BLOCK_MEMORY}
fn compute(group: vec3u, local: u32) {
  ${PLACE}
  let n = i32(flatGroup(group)) / u.blocks;
  let top = i32(flatGroup(group)) % u.blocks * ${BLOCK};
  if (n >= u.batch * u.keyHeads) { return; }
  let b = n / u.keyHeads;
  let matrix = n * u.keys;
  let span = queriesOf(b, top, min(top + ${BLOCK}, u.keys) - 1);
  let members = u.heads / u.keyHeads;
  var y: array<vec4f, ${sums(width)}>;
  var z: array<vec4f, ${sums(valueWidth)}>;
  for (var member = 0; member < members; member++) {
    let h = n % u.keyHeads * members + member;
    let place = (b * u.heads + h) * u.queries;
    for (var first = max(span.x, 0); first < span.y; first += ${BLOCK}) {
      ${blockProducts(scores, 'keys')}
      for (var m = 0; m < ${SCORES}; m++) {
        let products = s[m];
        let contexts = p[m];
        let i = first + across + 8 * m;
        let j = top + 4 * down;
        let pairs = array<vec2f, 4>(${[0, 1, 2, 3]
          .map((l) => `pairAt(b, h, i, j + ${l}, place + i, products[${l}], contexts[${l}])`)
          .join(', ')});
        ${keepCoefficients(
          'm',
          four((l) => `pairs[${l}].x`),
        )}
        s[m] = ${four((l) => `pairs[${l}].y`)};
      }
      ${addRows('z', { name: 'G', matrix: 'place', first: 'first' }, valueWidth)}
      for (var m = 0; m < ${SCORES}; m++) { ${keepCoefficients('m', 's[m]')} }
      ${addRows('y', { name: 'Q', matrix: 'place', first: 'first' }, width)}
    }
  }
  ${writeSums('Y', 'y', 'matrix', 'u.keys', width)}
  ${writeSums('Z', 'z', 'matrix', 'u.keys', valueWidth)}
}`,
  });
  return { dKey, dValue, dCommon: undefined };
}

const four = (code: (l: number) => string): string => `vec4f(${[0, 1, 2, 3].map(code).join(', ')})`;

/** Products of queries and keys, `s`, and of contexts' gradients and values, `p`; of rows of queries and columns of keys, or the other way round. */
function blockProducts({ sizes: { width, valueWidth } }: Scores, rows: 'queries' | 'keys'): string {
  const [ofQueries, ofKeys] = rows === 'queries' ? ['top', 'first'] : ['first', 'top'];
  const side = (name: string, isQuery: boolean) => ({
    name,
    matrix: isQuery ? 'place' : 'matrix',
    first: isQuery ? ofQueries : ofKeys,
  });
  const product = (to: string, query: string, key: string, length: number): string => {
    const sides = [side(query, true), side(key, false)] as const;
    const [left, right] = rows === 'queries' ? sides : ([sides[1], sides[0]] as const);
    return `var ${to} = array<vec4f, ${SCORES}>();
    ${addProducts(to, left, right, length)}`;
  };
  return `${product('s', 'Q', 'K', width)}
    ${product('p', 'G', 'V', valueWidth)}`;
}

/** Code of a pair's weight after dropout, and of the gradient in its product: the lowest numbers where it takes no part. */
const pairCode = ({ code, sizes: { width, valueWidth } }: Scores, hasWeights: boolean): string => `${code}
${FLAT_GROUP}
${rowCode(hasWeights)}
${numberReading('Q', width, 'u.queries', 'u.scale * ')}
${numberReading('K', width, 'u.keys')}
${numberReading('K', width, 'u.keys', 'u.scale * ', 'ScaledK')}
${numberReading('V', valueWidth, 'u.keys')}
${numberReading('G', valueWidth, 'u.queries')}
fn pairAt(b: i32, h: i32, i: i32, j: i32, place: i32, product: f32, inContext: f32) -> vec2f {
  let score = scoreOf(b, h, i, j, product);
  if (isMasked(score)) { return vec2f(MASKED); }
  let weight = rowWeight(place, score);
  let gradient = inBiased(b, h, i, j, product, gradientOf(b, h, i, j, place, weight, inContext));
  return vec2f(hookedWeight(b, h, i, j, weight) * dropoutFactor(place, j), slopeOfCap(product) * gradient);
}`;
