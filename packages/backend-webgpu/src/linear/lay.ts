import type { LinearAttentionRequest, LinearInputs } from '@heed/core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { FLAT_GROUP, flat } from '../pass.js';
import type { Scope } from '../scope.js';
import { FLOATS } from '../wgsl/floats.js';
import { EXP } from '../wgsl/functions.js';
import { INVOCATIONS } from '../attention/tiles.js';

/** The inputs as passes take them. What lies past a row's length is laid so that a step there changes nothing, whatever stands there. */
export interface Sequences {
  /** [M·G, T, D] */
  readonly query: TensorInfo;
  /** [M, T, D] */
  readonly key: TensorInfo;
  /** [M, T, C], ones in the column of the normaliser. */
  readonly value: TensorInfo;
  /** What is left of the state at each step, [M, T, D or 1]. */
  readonly decay?: TensorInfo;
  /** [M, T] */
  readonly beta?: TensorInfo;
}

export function laySequences(scope: Scope, inputs: LinearInputs, request: LinearAttentionRequest): Sequences {
  const { batch, keyHeads, keys, width, valueWidth, normalize, logDecay, beta, bidirectional } = request;
  const lengths = lengthsOf(scope, request);
  const shape = [batch, keyHeads, keys] as const;
  return {
    query: bidirectional ? inputs.query : layQueries(scope, inputs.query, request, width),
    key: lay(scope, inputs.key, [...shape, width], { shape: [...shape, width], lengths }),
    value: lay(scope, inputs.value, [...shape, valueWidth], {
      shape: [...shape, valueWidth],
      lengths,
      ones: normalize,
    }),
    ...(logDecay && {
      decay: lay(scope, inputs.logDecay!, logDecay, { shape: [...shape, logDecay[3]], lengths, past: 1, isLog: true }),
    }),
    ...(beta && { beta: lay(scope, inputs.beta!, [...beta, 1], { shape: [...shape, 1], lengths }) }),
  };
}

/** A tensor [B, Hq, Tq, …] of queries, or of what they read, 0 past each row's length. */
export function layQueries(scope: Scope, x: TensorInfo, request: LinearAttentionRequest, width: number): TensorInfo {
  const { batch, heads, queries, bidirectional } = request;
  const shape: Shape = [batch, heads, queries, width];
  return lay(scope, x, shape, { shape, lengths: bidirectional ? undefined : lengthsOf(scope, request) });
}

export const lengthsOf = (scope: Scope, { lengths }: LinearAttentionRequest): TensorInfo | undefined =>
  lengths === null ? undefined : scope.numbers([...lengths]);

type Shape = readonly [number, number, number, number];

interface Laying {
  /** That in full. */
  readonly shape: Shape;
  readonly lengths: TensorInfo | undefined;
  /** What stands past a row's length; 0 where it isn't said. */
  readonly past?: number;
  readonly isLog?: boolean;
  /** Whether there is a column of ones beside. */
  readonly ones?: boolean;
}

/** @param given whose axes are those of the full shape, or 1 */
function lay(scope: Scope, x: TensorInfo, given: Shape, laying: Laying): TensorInfo {
  const { shape, lengths, past = 0, isLog = false, ones = false } = laying;
  const isThere = given.every((length, axis) => length === shape[axis]);
  if (isThere && !lengths && !isLog && !ones) return x;
  const [batch, heads, time, width] = shape;
  const columns = width + Number(ones);
  const count = batch * heads * time * columns;
  const output = scope.scratch(count);
  const step = (axis: number): number =>
    given[axis] === 1 ? 0 : given.slice(axis + 1).reduce((product, length) => product * length, 1);
  scope.run({
    label: 'sequences',
    inputs: { X: x, ...(lengths && { Lengths: lengths }) },
    outputs: { Y: output },
    integers: { heads, time, width, columns, count, stepB: step(0), stepH: step(1), stepT: step(2), stepW: step(3) },
    floats: { past },
    invocations: INVOCATIONS,
    workgroups: flat(Math.ceil(count / INVOCATIONS)),
    code: `${FLAT_GROUP}
${isLog ? FLOATS + EXP : ''}
fn compute(group: vec3u, local: u32) {
  let n = i32(flatGroup(group)) * ${INVOCATIONS} + i32(local);
  if (n >= u.count) { return; }
  let w = n % u.columns;
  let t = n / u.columns % u.time;
  let row = n / (u.columns * u.time);
  let b = row / u.heads;
  ${lengths ? 'if (t >= Lengths[b]) { Y[n] = u.past; return; }' : ''}
  if (w >= u.width) { Y[n] = 1.0; return; }
  let x = X[b * u.stepB + row % u.heads * u.stepH + t * u.stepT + w * u.stepW];
  Y[n] = ${isLog ? 'exponential(x)' : 'x'};
}`,
  });
  return output;
}
