import type { Sizes } from './scores.js';
import { INVOCATIONS, vectors } from './tiles.js';

/**
 * Attention of few queries, such as a step of decoding, for which most invocations of a tile of queries would have none. A workgroup has a query and a
 * stretch of keys: first its invocations have a key each, then each has a vector of the sum over keys. What stretches add up to is joined at the end.
 */

/** Queries up to which that is so: those of a step, or of a beam. Each reads all keys, which a tile of queries reads once. */
const FEW = 4;

/** Keys of a stretch: a few for each invocation. */
export const STRETCH = 4 * INVOCATIONS;

export const areFew = ({ queries }: Sizes): boolean => queries <= FEW;

export const stretchesOf = ({ keys }: Sizes): number => Math.ceil(keys / STRETCH);

/** Numbers of the keys of a stretch; the lowest number where a key takes no part. */
export const SHARES = `
var<workgroup> shares: array<f32, ${STRETCH}>;
var<workgroup> vectorParts: array<vec4f, ${INVOCATIONS}>;`;

/** The beginning of `compute`: finds the query, and the stretch that begins at `first`. */
export const BEGIN = `
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
export function sumOverKeys(width: number, before: string, vector: string): string {
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
export const writing = (name: string, row: string, width: number): string => `
  if (i32(local) < ${vectors(width)}) {
    for (var l = 0; l < min(4, ${width} - 4 * d); l++) { ${name}[${row} * ${width} + 4 * d + l] = total[l]; }
  }`;
