import type { TensorInfo } from '@tensorflow/tfjs-core';
import { FLAT_GROUP, flat } from '../pass.js';
import type { Scope } from '../scope.js';
import { FLOATS } from '../wgsl/floats.js';
import { EXP, LOG } from '../wgsl/functions.js';
import { ROW_END, type Rows } from './forward.js';
import { MASKED, type Scores, type Sizes } from './scores.js';
import { BEGIN, SHARES, STRETCH, stretchesOf, sumOverKeys, writing } from './stretches.js';
import { INVOCATIONS, SUM, joining, rowReading } from './tiles.js';
import { pairCode } from './weights.js';

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
