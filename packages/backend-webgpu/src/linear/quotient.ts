import type { TensorInfo } from '@tensorflow/tfjs-core';
import { INVOCATIONS } from '../attention/tiles.js';
import { FLAT_GROUP, flat } from '../pass.js';
import type { Scope } from '../scope.js';

/** Contexts of `rows` rows that were read, whose last column is the normaliser: the quotient, 0 where that is 0. */
export function divide(scope: Scope, read: TensorInfo, rows: number, valueWidth: number, output: TensorInfo): void {
  const count = rows * valueWidth;
  scope.run({
    label: 'quotients',
    inputs: { X: read },
    outputs: { Y: output },
    integers: { count, valueWidth },
    invocations: INVOCATIONS,
    workgroups: flat(Math.ceil(count / INVOCATIONS)),
    code: `${FLAT_GROUP}
fn compute(group: vec3u, local: u32) {
  let n = i32(flatGroup(group)) * ${INVOCATIONS} + i32(local);
  if (n >= u.count) { return; }
  let row = n / u.valueWidth * (u.valueWidth + 1);
  let by = X[row + u.valueWidth];
  var quotient = 0.0;
  if (by != 0.0) { quotient = X[row + n % u.valueWidth] / by; }
  Y[n] = quotient;
}`,
  });
}

/** Gradients in what was read, of those in contexts. */
export function divideBackward(
  scope: Scope,
  read: TensorInfo,
  dContext: TensorInfo,
  rows: number,
  valueWidth: number,
): TensorInfo {
  const output = scope.scratch(rows * (valueWidth + 1));
  scope.run({
    label: 'quotient gradients',
    inputs: { X: read, D: dContext },
    outputs: { Y: output },
    integers: { rows, valueWidth },
    invocations: INVOCATIONS,
    workgroups: flat(Math.ceil(rows / INVOCATIONS)),
    code: `${FLAT_GROUP}
fn compute(group: vec3u, local: u32) {
  let n = i32(flatGroup(group)) * ${INVOCATIONS} + i32(local);
  if (n >= u.rows) { return; }
  let row = n * (u.valueWidth + 1);
  let by = X[row + u.valueWidth];
  var sum = 0.0;
  for (var c = 0; c < u.valueWidth; c++) {
    var gradient = 0.0;
    if (by != 0.0) {
      gradient = D[n * u.valueWidth + c] / by;
      sum += gradient * (X[row + c] / by);
    }
    Y[row + c] = gradient;
  }
  Y[row + u.valueWidth] = -sum;
}`,
  });
  return output;
}
