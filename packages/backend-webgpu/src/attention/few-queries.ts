import type { TensorInfo } from '@tensorflow/tfjs-core';
import { FLAT_GROUP, flat } from '../pass.js';
import type { Scope } from '../scope.js';
import { FLOATS } from '../wgsl/floats.js';
import { EXP, LOG } from '../wgsl/functions.js';
import { ROW_END, type Rows } from './forward.js';
import { rowCode, type Cotangents } from './row-means.js';
import { MASKED, type Scores, type Sizes } from './scores.js';
import { INVOCATIONS, SUM, joining, rowReading, vectors } from './tiles.js';
import { pairCode } from './weights.js';

/**
 * Attention of few queries, such as a step of decoding, for which most invocations of a tile of queries would have none. A workgroup has a query and a
 * stretch of keys: first its invocations have a key each, then each has a vector of the sum over keys. What stretches add up to is joined at the end.
 */

/** Queries up to which that is so. Each reads all keys, where a tile of queries reads them once. */
const FEW = 16;

/** Keys of a stretch: a few for each invocation. */
const STRETCH = 4 * INVOCATIONS;

export const areFew = ({ queries }: Sizes): boolean => queries <= FEW;

/** As `forward`. */
export function forwardFew(scope: Scope, scores: Scores): Rows {
  const { sizes } = scores;
  const { batch, heads, queries, valueWidth } = sizes;
  const rows = {
    context: scope.output([batch, heads, queries, valueWidth]),
    logSumExp: scope.output([batch, heads, queries]),
    remainder: scope.output([batch, heads, queries]),
  };
  const count = batch * heads * queries;
  const stretches = stretchesOf(sizes);
  const isWhole = stretches === 1;
  const parts = isWhole ? undefined : scope.scratch(count * stretches * valueWidth);
  const ends = isWhole ? undefined : scope.scratch(2 * count * stretches);
  scope.run({
    label: 'attention of few queries',
    inputs: { ...scores.inputs, V: scores.value },
    outputs: isWhole ? outputsOf(rows) : { C: parts!, E: ends! },
    integers: { ...scores.integers, stretches },
    floats: scores.floats,
    invocations: INVOCATIONS,
    workgroups: flat(count * stretches),
    code: `${scores.code}
${ROW_END}
${FLAT_GROUP}
${pairCode(scores)}
${rowReading('V', valueWidth)}
${SUM}
${joining('highestOf', 'vec2f', (a, b) => `max(${a}, ${b})`)}
${SHARES}
${BEGIN}
  // The highest score, and whether one isn't finite.
  var found = vec2f(MASKED, 0.0);
  for (var c = i32(local); c < ${STRETCH}; c += ${INVOCATIONS}) {
    let j = first + c;
    var score = MASKED;
    if (j >= span.x && j < span.y) { score = scoreOf(b, h, i, j, pairOf(place, matrix + j)); }
    shares[c] = score;
    if (!isMasked(score)) {
      if (isFinite(score)) { found.x = max(found.x, score); } else { found.y = 1.0; }
    }
  }
  let highest = highestOf(found, local);
  var part = 0.0;
  for (var c = i32(local); c < ${STRETCH}; c += ${INVOCATIONS}) {
    if (isMasked(shares[c])) { continue; }
    let share = exponential(shares[c] - highest.x);
    part += share;
    shares[c] = share * dropoutFactor(place, first + c);
  }
  let sum = summed(part, local);
  ${sumOverKeys(valueWidth, '', `readV((matrix + j) * ${valueWidth}, d)`)}
  ${
    isWhole
      ? `
  let end_ = endOfRow(highest.x, sum, highest.y > 0.0);
  total /= end_.divisor;
  if (local == 0u) {
    L[place] = end_.logSumExp;
    M[place] = end_.remainder;
  }`
      : `
  if (local == 0u) {
    E[2 * n] = highest.x;
    E[2 * n + 1] = select(sum, notANumber(), highest.y > 0.0);
  }`
  }
  ${writing('C', 'n', valueWidth)}
}`,
  });
  if (!isWhole) joinStretches(scope, sizes, parts!, ends!, rows);
  return rows;
}

const outputsOf = ({ context, logSumExp, remainder }: Rows): Readonly<Record<'C' | 'L' | 'M', TensorInfo>> => ({
  C: context,
  L: logSumExp,
  M: remainder,
});

/** Contexts from those of stretches, each of which is a sum of shares of its own highest score: an invocation has a number. */
function joinStretches(scope: Scope, sizes: Sizes, parts: TensorInfo, ends: TensorInfo, rows: Rows): void {
  const { batch, heads, queries, valueWidth } = sizes;
  const count = batch * heads * queries;
  scope.run({
    label: 'attention of stretches',
    inputs: { P: parts, E: ends },
    outputs: outputsOf(rows),
    integers: { count, stretches: stretchesOf(sizes) },
    invocations: INVOCATIONS,
    workgroups: flat(count),
    code: `${FLOATS}
${EXP}
${LOG}
${MASKED}
${ROW_END}
${FLAT_GROUP}
fn compute(group: vec3u, local: u32) {
  let place = i32(flatGroup(group));
  if (place >= u.count) { return; }
  let start = place * u.stretches;
  var highest = MASKED;
  var isSpoiled = false;
  for (var n = start; n < start + u.stretches; n++) {
    isSpoiled |= isNaN(E[2 * n + 1]);
    highest = max(highest, E[2 * n]);
  }
  var sum = 0.0;
  for (var n = start; n < start + u.stretches; n++) { sum += E[2 * n + 1] * exponential(E[2 * n] - highest); }
  let end_ = endOfRow(highest, sum, isSpoiled);
  for (var d = i32(local); d < ${valueWidth}; d += ${INVOCATIONS}) {
    var total = 0.0;
    for (var n = start; n < start + u.stretches; n++) {
      if (E[2 * n + 1] != 0.0) { total += P[n * ${valueWidth} + d] * exponential(E[2 * n] - highest); }
    }
    C[place * ${valueWidth} + d] = total / end_.divisor;
  }
  if (local == 0u) {
    L[place] = end_.logSumExp;
    M[place] = end_.remainder;
  }
}`,
  });
}

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
    shares[c] = slopeOfCap(product) * gradientOf(place, rowWeight(place, score), inContext, j);
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

const stretchesOf = ({ keys }: Sizes): number => Math.ceil(keys / STRETCH);

/** Numbers of the keys of a stretch; the lowest number where a key takes no part. */
const SHARES = `
var<workgroup> shares: array<f32, ${STRETCH}>;
var<workgroup> vectorParts: array<vec4f, ${INVOCATIONS}>;`;

/** The beginning of `compute`: finds the query, and the stretch that begins at `first`. */
const BEGIN = `
fn compute(group: vec3u, local: u32) {
  let n = i32(flatGroup(group));
  let place = n / u.stretches;
  if (place >= u.batch * u.heads * u.queries) { return; }
  let i = place % u.queries;
  let b = place / (u.queries * u.heads);
  let h = place / u.queries % u.heads;
  let first = n % u.stretches * ${STRETCH};
  let matrix = keyHead(b, h) * u.keys;
  let span = keysOf(b, i, i);`;

/** Vector `d` of the sum over the stretch's keys of their shares times a vector: `total`, in the first invocations. */
function sumOverKeys(width: number, before: string, vector: string): string {
  const count = vectors(width);
  const parts = Math.floor(INVOCATIONS / count);
  return `
  let d = i32(local) % ${count};
  var total = vec4f(0.0);
  if (i32(local) < ${parts * count}) {
    for (var c = i32(local) / ${count}; c < ${STRETCH}; c += ${parts}) {
      if (isMasked(shares[c])) { continue; }
      let j = first + c;
      ${before}
      total += shares[c] * ${vector};
    }
  }
  vectorParts[local] = total;
  workgroupBarrier();
  if (i32(local) < ${count}) {
    for (var p = 1; p < ${parts}; p++) { total += vectorParts[p * ${count} + d]; }
  }`;
}

/** Writes vector `d` of row `row`. */
const writing = (name: string, row: string, width: number): string => `
  if (i32(local) < ${vectors(width)}) {
    for (var l = 0; l < min(4, ${width} - 4 * d); l++) { ${name}[${row} * ${width} + 4 * d + l] = total[l]; }
  }`;
