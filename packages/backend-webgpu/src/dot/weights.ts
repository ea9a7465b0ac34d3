import type { TensorInfo } from '@tensorflow/tfjs-core';
import { FLAT_GROUP, flat } from '../pass.js';
import type { Scope } from '../scope.js';
import type { Rows } from './forward.js';
import type { DotScores } from './scores.js';
import { INVOCATIONS, rowReading, vectors } from './tiles.js';

/** Reads rows that stand in no tile: the product of a query and a key, by the numbers of their rows. */
export const productCode = (width: number): string => `
${rowReading('Q', width)}
${rowReading('K', width)}
fn productOf(query: i32, key: i32) -> f32 {
  var sum = 0.0;
  for (var d = 0; d < ${vectors(width)}; d++) { sum += dot(u.scale * readQ(query * ${width}, d), readK(key * ${width}, d)); }
  return sum;
}`;

/** Weights before dropout, [B, H, Tq, Tk], where somebody asks for them. */
export function weights(scope: Scope, scores: DotScores, { logSumExp, remainder }: Omit<Rows, 'context'>): TensorInfo {
  const { batch, heads, queries, keys, width } = scores.request;
  const output = scope.output([batch, heads, queries, keys]);
  const { Q, K, V: _, ...terms } = scores.inputs;
  scope.run({
    label: 'weights of dot-product attention',
    inputs: { Q: Q!, K: K!, ...terms, L: logSumExp, M: remainder },
    outputs: { W: output },
    integers: scores.integers,
    floats: scores.floats,
    invocations: INVOCATIONS,
    workgroups: flat(Math.ceil((batch * heads * queries * keys) / INVOCATIONS)),
    code: `${scores.code}
${FLAT_GROUP}
${productCode(width)}
fn compute(group: vec3u, local: u32) {
  let at = i32(flatGroup(group)) * ${INVOCATIONS} + i32(local);
  let place = at / u.keys;
  let n = place / u.queries;
  if (n >= u.batch * u.heads) { return; }
  let b = n / u.heads;
  let h = n % u.heads;
  let j = at % u.keys;
  let score = scoreOf(b, h, place % u.queries, j, productOf(place, keyHead(b, h) * u.keys + j));
  W[at] = weightOf(score, L[place], M[place]);
}`,
  });
  return output;
}
