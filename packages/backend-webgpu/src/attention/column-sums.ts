import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Scope } from '../scope.js';
import { INVOCATIONS, SUM } from './tiles.js';

/** Sums of the columns of [rows, columns]: a workgroup for each. */
export function columnSums(scope: Scope, x: TensorInfo, rows: number, columns: number): TensorInfo {
  const output = scope.output([columns]);
  scope.run({
    label: 'column sums',
    inputs: { X: x },
    outputs: { Y: output },
    integers: { rows, columns },
    invocations: INVOCATIONS,
    workgroups: [columns, 1, 1],
    code: `${SUM}
fn compute(group: vec3u, local: u32) {
  let column = i32(group.x);
  var sum = 0.0;
  for (var r = i32(local); r < u.rows; r += ${INVOCATIONS}) { sum += X[r * u.columns + column]; }
  let whole = summed(sum, local);
  if (local == 0u) { Y[column] = whole; }
}`,
  });
  return output;
}
