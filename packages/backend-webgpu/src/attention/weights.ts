import type { TensorInfo } from '@tensorflow/tfjs-core';
import { FLAT_GROUP, flat } from '../pass.js';
import type { Scope } from '../scope.js';
import type { Rows } from './forward.js';
import type { Scores } from './scores.js';
import { INVOCATIONS, eachOf, rowReading } from './tiles.js';

/** Rows that stand in no tile: `pairOf(query, key)`, by the numbers of their rows. */
export const pairCode = ({ pairing, sizes: { width } }: Scores): string => `
${rowReading('Q', width)}
${rowReading('K', width)}
fn pairOf(query: i32, key: i32) -> f32 {
  ${pairing.setUp}
  var sum = 0.0;
  ${eachOf(pairing, width, `sum += ${pairing.term(pairing.own(`readQ(query * ${width}, d)`), `readK(key * ${width}, d)`)};`)}
  return sum;
}`;

/** Weights before dropout, [B, H, Tq, Tk], where somebody asks for them. */
export function weights(scope: Scope, scores: Scores, { logSumExp, remainder }: Omit<Rows, 'context'>): TensorInfo {
  const { batch, heads, queries, keys } = scores.sizes;
  const output = scope.output([batch, heads, queries, keys]);
  scope.run({
    label: 'attention weights',
    inputs: { ...scores.inputs, L: logSumExp, M: remainder },
    outputs: { W: output },
    integers: scores.integers,
    floats: scores.floats,
    invocations: INVOCATIONS,
    workgroups: flat(Math.ceil((batch * heads * queries * keys) / INVOCATIONS)),
    code: `${scores.code}
${FLAT_GROUP}
${pairCode(scores)}
fn compute(group: vec3u, local: u32) {
  let at = i32(flatGroup(group)) * ${INVOCATIONS} + i32(local);
  let place = at / u.keys;
  let n = place / u.queries;
  if (n >= u.batch * u.heads) { return; }
  let b = n / u.heads;
  let h = n % u.heads;
  let j = at % u.keys;
  let score = scoreOf(b, h, place % u.queries, j, pairOf(place, keyHead(b, h) * u.keys + j));
  let weight = hookedWeight(b, h, place % u.queries, j, weightOf(score, L[place], M[place]));
  W[at] = select(weight, 0.0, isMasked(score));
}`,
  });
  return output;
}
