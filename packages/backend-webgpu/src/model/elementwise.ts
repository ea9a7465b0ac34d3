import { util, type TensorInfo } from '@tensorflow/tfjs-core';
import { FLAT_GROUP, flat, type Pass } from '../pass.js';
import type { Scope } from '../scope.js';

const INVOCATIONS = 64;

/** A pass in which each invocation has number `n` of `count`; code that comes before is for what it calls. */
export function forEach(
  scope: Scope,
  count: number,
  pass: Omit<Pass, 'invocations' | 'workgroups'>,
  functions = '',
): void {
  scope.run({
    ...pass,
    integers: { ...pass.integers, count },
    invocations: INVOCATIONS,
    workgroups: flat(Math.ceil(count / INVOCATIONS)),
    code: `${functions}
${FLAT_GROUP}
fn compute(group: vec3u, local: u32) {
  let n = i32(flatGroup(group)) * ${INVOCATIONS} + i32(local);
  if (n >= u.count) { return; }
  ${pass.code}
}`,
  });
}

export const numbersOf = ({ shape }: TensorInfo): number => util.sizeFromShape(shape);
