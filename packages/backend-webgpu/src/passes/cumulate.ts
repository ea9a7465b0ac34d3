import { util, type TensorInfo } from '@tensorflow/tfjs-core';
import { FLAT_GROUP, flat } from '../pass.js';
import type { Scope } from '../scope.js';

export interface Cumulation {
  readonly axis: number;
  readonly exclusive: boolean;
  readonly reverse: boolean;
}

/** How numbers are joined, and what changes nothing. */
const OPERATIONS = {
  sum: { join: 'a + b', neutral: '0.0' },
  product: { join: 'a * b', neutral: '1.0' },
} as const;

/** A line's invocations, each of which has a stretch of it. */
const INVOCATIONS = 64;

/**
 * Running sums or products along an axis. The engine's own keeps a program for one length of the axis, and runs it for others too.
 */
export function cumulate(
  scope: Scope,
  x: TensorInfo,
  operation: keyof typeof OPERATIONS,
  { axis, exclusive, reverse }: Cumulation,
): TensorInfo {
  const y = scope.output(x.shape);
  const length = x.shape[axis]!;
  const step = util.sizeFromShape(x.shape.slice(axis + 1));
  const lines = util.sizeFromShape(x.shape) / length;
  const { join, neutral } = OPERATIONS[operation];
  scope.run({
    label: `running ${operation}`,
    inputs: { X: x },
    outputs: { Y: y },
    integers: {
      lines,
      length,
      step,
      stretch: Math.ceil(length / INVOCATIONS),
      reverse: Number(reverse),
      exclusive: Number(exclusive),
    },
    invocations: INVOCATIONS,
    workgroups: flat(lines),
    code: `
var<workgroup> whole: array<f32, ${INVOCATIONS}>;
${FLAT_GROUP}
fn joined(a: f32, b: f32) -> f32 { return ${join}; }
fn compute(group: vec3u, local: u32) {
  let line = i32(flatGroup(group));
  let start = line / u.step * u.step * u.length + line % u.step;
  let first = i32(local) * u.stretch;
  let end = select(0, min(first + u.stretch, u.length), line < u.lines);
  var total = ${neutral};
  for (var n = first; n < end; n++) { total = joined(total, X[start + place(n) * u.step]); }
  whole[local] = total;
  workgroupBarrier();
  var before = ${neutral};
  for (var l = 0u; l < local; l++) { before = joined(before, whole[l]); }
  for (var n = first; n < end; n++) {
    let at = start + place(n) * u.step;
    let after = joined(before, X[at]);
    Y[at] = select(after, before, u.exclusive != 0);
    before = after;
  }
}
fn place(n: i32) -> i32 { return select(n, u.length - 1 - n, u.reverse != 0); }`,
  });
  return y;
}
