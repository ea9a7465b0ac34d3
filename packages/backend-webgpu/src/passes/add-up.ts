import { util, type TensorInfo } from '@tensorflow/tfjs-core';
import { FLAT_GROUP, flat } from '../pass.js';
import type { Scope } from '../scope.js';

const INVOCATIONS = 64;

/** Terms of one pass, which with the sum are the 8 buffers that WebGPU promises. */
const TERMS = 7;

/** The sum of tensors of one shape, from the first to the last. The engine's own binds all of them at once, where a device takes some ten. */
export function addUp(scope: Scope, terms: readonly TensorInfo[]): TensorInfo {
  const { shape } = terms[0]!;
  const count = util.sizeFromShape(shape);
  let sum: TensorInfo | undefined;
  for (let n = 0; n < terms.length;) {
    const before = sum === undefined ? [] : [sum];
    const taken = terms.slice(n, n + TERMS - before.length);
    n += taken.length;
    const all = [...before, ...taken];
    const names = all.map((_, at) => `X${at}`);
    sum = n === terms.length ? scope.output(shape) : scope.scratch(count);
    scope.run({
      label: 'sum of tensors',
      inputs: Object.fromEntries(all.map((term, at) => [names[at], term])),
      outputs: { Y: sum },
      integers: { count },
      invocations: INVOCATIONS,
      workgroups: flat(Math.ceil(count / INVOCATIONS)),
      code: `${FLAT_GROUP}
fn compute(group: vec3u, local: u32) {
  let n = flatGroup(group) * ${INVOCATIONS}u + local;
  if (n < u32(u.count)) { Y[n] = ${names.map((name) => `${name}[n]`).join(' + ')}; }
}`,
    });
  }
  return sum!;
}
