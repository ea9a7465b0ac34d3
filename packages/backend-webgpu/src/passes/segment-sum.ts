import { util, type TensorInfo } from '@tensorflow/tfjs-core';
import { FLAT_GROUP, flat } from '../pass.js';
import type { Scope } from '../scope.js';

const INVOCATIONS = 64;

/**
 * Sums of the rows of [N, …] that have the same of `count` ids, [count, …], always in the order of the rows; an id outside is left out. A
 * workgroup for each sum goes through all ids. The engine's own adds atomically, in an order that changes from run to run.
 */
export function segmentSum(scope: Scope, x: TensorInfo, ids: TensorInfo, count: number): TensorInfo {
  const [rows] = x.shape as [number];
  const width = util.sizeFromShape(x.shape) / rows;
  const y = scope.output([count, ...x.shape.slice(1)]);
  scope.run({
    label: 'segment sum',
    inputs: { X: x, Ids: ids },
    outputs: { Y: y },
    integers: { rows, width, count },
    invocations: INVOCATIONS,
    workgroups: flat(count * Math.ceil(width / INVOCATIONS)),
    code: `
var<workgroup> tile: array<i32, ${INVOCATIONS}>;
${FLAT_GROUP}
fn compute(group: vec3u, local: u32) {
  let across = (u.width + ${INVOCATIONS - 1}) / ${INVOCATIONS};
  let segment = i32(flatGroup(group)) / across;
  let column = i32(flatGroup(group)) % across * ${INVOCATIONS} + i32(local);
  var sum = 0.0;
  for (var first = 0; first < u.rows; first += ${INVOCATIONS}) {
    tile[local] = select(-1, Ids[first + i32(local)], first + i32(local) < u.rows);
    workgroupBarrier();
    for (var n = 0; n < ${INVOCATIONS}; n++) {
      if (tile[n] == segment && column < u.width) { sum += X[(first + n) * u.width + column]; }
    }
    workgroupBarrier();
  }
  if (segment < u.count && column < u.width) { Y[segment * u.width + column] = sum; }
}`,
  });
  return y;
}
