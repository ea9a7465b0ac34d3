import type { TensorInfo } from '@tensorflow/tfjs-core';
import { INVOCATIONS } from '../attention/tiles.js';
import { FLAT_GROUP, flat } from '../pass.js';
import type { Scope } from '../scope.js';
import type { Sizes } from './sizes.js';

/**
 * Of the delta rule, two matrices [M·T, C] in one buffer, rests and gradients in what is written: gradients in the strengths, [M·T], which are
 * their products; and then both times the strengths, in place.
 */
export function strengthen(scope: Scope, pair: TensorInfo, beta: TensorInfo, sizes: Sizes): TensorInfo {
  const { rows, steps, columns } = sizes;
  const count = rows * steps;
  const output = scope.scratch(count);
  scope.run({
    label: 'strengths of the delta rule',
    inputs: { B: beta },
    outputs: { X: pair, Y: output },
    integers: { count, columns },
    invocations: INVOCATIONS,
    workgroups: flat(Math.ceil(count / INVOCATIONS)),
    code: `${FLAT_GROUP}
fn compute(group: vec3u, local: u32) {
  let n = i32(flatGroup(group)) * ${INVOCATIONS} + i32(local);
  if (n >= u.count) { return; }
  let strength = B[n];
  var sum = 0.0;
  for (var c = n * u.columns; c < (n + 1) * u.columns; c++) {
    let other = u.count * u.columns + c;
    sum += X[c] * X[other];
    X[c] *= strength;
    X[other] *= strength;
  }
  Y[n] = sum;
}`,
  });
  return output;
}
