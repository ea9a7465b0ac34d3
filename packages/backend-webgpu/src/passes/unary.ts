import { util, type TensorInfo } from '@tensorflow/tfjs-core';
import { FLAT_GROUP, flat } from '../pass.js';
import type { Scope } from '../scope.js';
import { FLOATS } from '../wgsl/floats.js';

const INVOCATIONS = 64;

/** A function of each number of a float32 tensor. */
export function unary(scope: Scope, x: TensorInfo, call: string, functions: string): TensorInfo {
  const y = scope.output(x.shape);
  const count = util.sizeFromShape(x.shape);
  scope.run({
    label: call,
    inputs: { X: x },
    outputs: { Y: y },
    integers: { count },
    invocations: INVOCATIONS,
    workgroups: flat(Math.ceil(count / INVOCATIONS)),
    code: `${FLOATS}
${functions}
${FLAT_GROUP}
fn compute(group: vec3u, local: u32) {
  let n = flatGroup(group) * ${INVOCATIONS}u + local;
  if (n < u32(u.count)) { Y[n] = ${call}(X[n]); }
}`,
  });
  return y;
}
