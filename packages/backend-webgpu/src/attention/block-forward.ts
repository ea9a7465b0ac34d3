import { FLAT_GROUP, flat } from '../pass.js';
import type { Scope } from '../scope.js';
import {
  BLOCK,
  BLOCK_MEMORY,
  PLACE,
  SCORES,
  addProducts,
  addRows,
  gather,
  keepCoefficients,
  numberReading,
  sums,
  writeSums,
  written,
} from './blocks.js';
import { ROW_END, type Rows } from './forward.js';
import type { Scores } from './scores.js';
import { INVOCATIONS } from './tiles.js';

/**
 * Context and logSumExp of dot products, without an array of scores: a workgroup has some queries and their contexts, and goes through blocks of keys and
 * values; sums and contexts are scaled anew when a higher score turns up.
 *
 * @see Dao et al. 2022, arXiv:2205.14135; Milakov & Gimelshein 2018, arXiv:1805.02867
 */
export function blockForward(scope: Scope, scores: Scores): Rows {
  const { batch, heads, queries, width, valueWidth } = scores.sizes;
  const context = scope.output([batch, heads, queries, valueWidth]);
  const logSumExp = scope.output([batch, heads, queries]);
  const remainder = scope.output([batch, heads, queries]);
  const blocks = Math.ceil(queries / BLOCK);
  scope.run({
    label: 'attention',
    inputs: { ...scores.inputs, V: scores.value },
    outputs: { C: context, L: logSumExp, M: remainder },
    integers: { ...scores.integers, blocks },
    floats: scores.floats,
    invocations: INVOCATIONS,
    workgroups: flat(batch * heads * blocks),
    code: `${scores.code}
${ROW_END}
${FLAT_GROUP}
${numberReading('Q', width, 'u.queries', 'u.scale * ')}
${numberReading('K', width, 'u.keys')}
${numberReading('V', valueWidth, 'u.keys')}
${BLOCK_MEMORY}
fn compute(group: vec3u, local: u32) {
  ${PLACE}
  let n = i32(flatGroup(group)) / u.blocks;
  let top = i32(flatGroup(group)) % u.blocks * ${BLOCK};
  if (n >= u.batch * u.heads) { return; }
  let i = top + 4 * down;
  let b = n / u.heads;
  let h = n % u.heads;
  let place = n * u.queries;
  let matrix = keyHead(b, h) * u.keys;
  let span = keysOf(b, top, min(top + ${BLOCK}, u.queries) - 1);
  var a: array<vec4f, ${sums(valueWidth)}>;
  var highest = vec4f(MASKED);
  var sum = vec4f(0.0);
  var spoiled = vec4f(0.0);
  for (var first = max(span.x, 0); first < span.y; first += ${BLOCK}) {
    var s = array<vec4f, ${SCORES}>();
    ${addProducts('s', { name: 'Q', matrix: 'place', first: 'top' }, { name: 'K', matrix: 'matrix', first: 'first' }, width)}
    var most = vec4f(MASKED);
    for (var m = 0; m < ${SCORES}; m++) {
      let j = first + across + 8 * m;
      let products = s[m];
      let scores = vec4f(${[0, 1, 2, 3].map((l) => `scoreOf(b, h, i + ${l}, j, products[${l}])`).join(', ')});
      s[m] = scores;
      let takesPart = !areMasked(scores);
      let isFine = vec4<bool>(${[0, 1, 2, 3].map((l) => `isFinite(scores[${l}])`).join(', ')});
      most = select(most, max(most, scores), takesPart & isFine);
      spoiled = select(spoiled, vec4f(1.0), takesPart & !isFine);
    }
    ${gather('most', (a, b) => `max(${a}, ${b})`)}
    most = max(most, highest);
    let ratio = vec4f(${[0, 1, 2, 3].map((l) => `exponential(highest[${l}] - most[${l}])`).join(', ')});
    highest = most;
    sum *= ratio;
    ${written(sums(valueWidth), (m) => `a[${m}] *= ratio;`)}
    for (var m = 0; m < ${SCORES}; m++) {
      let j = first + across + 8 * m;
      let scores = s[m];
      let takesPart = !areMasked(scores);
      let shares = vec4f(${[0, 1, 2, 3].map((l) => `exponential(scores[${l}] - highest[${l}])`).join(', ')});
      let factors = vec4f(${[0, 1, 2, 3].map((l) => `dropoutFactor(place + i + ${l}, j)`).join(', ')});
      sum += select(vec4f(0.0), shares, takesPart);
      let kept = select(vec4f(MASKED), shares * factors, takesPart);
      ${keepCoefficients('m', 'kept')}
    }
    ${addRows('a', { name: 'V', matrix: 'matrix', first: 'first' }, valueWidth)}
  }
  ${gather('sum', (a, b) => `${a} + ${b}`)}
  ${gather('spoiled', (a, b) => `max(${a}, ${b})`)}
  for (var l = 0; l < 4; l++) {
    let end_ = endOfRow(highest[l], sum[l], spoiled[l] > 0.0);
    for (var m = 0; m < ${sums(valueWidth)}; m++) { a[m][l] /= end_.divisor; }
    let row = top + 4 * down + l;
    if (across == 0 && row < u.queries) {
      L[place + row] = end_.logSumExp;
      M[place + row] = end_.remainder;
    }
  }
  ${writeSums('C', 'a', 'place', 'u.queries', valueWidth)}
}`,
  });
  return { context, logSumExp, remainder };
}
