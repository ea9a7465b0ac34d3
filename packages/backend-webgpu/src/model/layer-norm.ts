import type { TensorInfo } from '@tensorflow/tfjs-core';
import { INVOCATIONS, SUM, joining } from '../attention/tiles.js';
import { FLAT_GROUP, flat } from '../pass.js';
import type { Scope } from '../scope.js';

interface NormTensors {
  readonly x: TensorInfo;
  readonly gain: TensorInfo;
  readonly bias: TensorInfo;
}

interface Normed {
  readonly y: TensorInfo;
  readonly normal: TensorInfo;
  readonly inverse: TensorInfo;
}

/** Layer norm: a workgroup has a row. */
export function layerNorm(scope: Scope, { x, gain, bias }: NormTensors, epsilon: number): Normed {
  const [rows, width] = x.shape as [number, number];
  const [y, normal, inverse] = [scope.output(x.shape), scope.output(x.shape), scope.output([rows, 1])];
  scope.run({
    label: 'layer norm',
    inputs: { X: x, G: gain, B: bias },
    outputs: { Y: y, N: normal, I: inverse },
    integers: { rows, width },
    floats: { epsilon },
    invocations: INVOCATIONS,
    workgroups: flat(rows),
    code: `${FLAT_GROUP}
${SUM}
fn compute(group: vec3u, local: u32) {
  let row = i32(flatGroup(group));
  if (row >= u.rows) { return; }
  let start = row * u.width;
  var part = 0.0;
  for (var d = i32(local); d < u.width; d += ${INVOCATIONS}) { part += X[start + d]; }
  let mean = summed(part, local) / f32(u.width);
  part = 0.0;
  for (var d = i32(local); d < u.width; d += ${INVOCATIONS}) {
    let centred = X[start + d] - mean;
    part += centred * centred;
  }
  let inverse = inverseSqrt(summed(part, local) / f32(u.width) + u.epsilon);
  for (var d = i32(local); d < u.width; d += ${INVOCATIONS}) {
    let normal = (X[start + d] - mean) * inverse;
    N[start + d] = normal;
    Y[start + d] = normal * G[d] + B[d];
  }
  if (local == 0u) { I[row] = inverse; }
}`,
  });
  return { y, normal, inverse };
}

interface NormBackTensors {
  readonly gain: TensorInfo;
  readonly normal: TensorInfo;
  readonly inverse: TensorInfo;
  readonly dY: TensorInfo;
}

interface NormGradients {
  readonly dX: TensorInfo;
  readonly dGain: TensorInfo;
  readonly dBias: TensorInfo;
}

/** Gradients in rows, for each of which there is a workgroup, and then in columns, likewise. */
export function layerNormBackward(scope: Scope, { gain, normal, inverse, dY }: NormBackTensors): NormGradients {
  const [rows, width] = dY.shape as [number, number];
  const [dX, dGain, dBias] = [scope.output(dY.shape), scope.output([width]), scope.output([width])];
  const both = joining('bothSummed', 'vec2f', (a, b) => `${a} + ${b}`);
  scope.run({
    label: 'layer norm gradients',
    inputs: { G: gain, N: normal, I: inverse, D: dY },
    outputs: { Y: dX },
    integers: { rows, width },
    invocations: INVOCATIONS,
    workgroups: flat(rows),
    code: `${FLAT_GROUP}
${both}
fn compute(group: vec3u, local: u32) {
  let row = i32(flatGroup(group));
  if (row >= u.rows) { return; }
  let start = row * u.width;
  var part = vec2f(0.0);
  for (var d = i32(local); d < u.width; d += ${INVOCATIONS}) {
    let gradient = D[start + d] * G[d];
    part += vec2f(gradient, gradient * N[start + d]);
  }
  let means = bothSummed(part, local) / f32(u.width);
  for (var d = i32(local); d < u.width; d += ${INVOCATIONS}) {
    Y[start + d] = (D[start + d] * G[d] - means.x - N[start + d] * means.y) * I[row];
  }
}`,
  });
  scope.run({
    label: 'gain and bias gradients',
    inputs: { N: normal, D: dY },
    outputs: { Y: dGain, Z: dBias },
    integers: { rows, width },
    invocations: INVOCATIONS,
    workgroups: flat(width),
    code: `${FLAT_GROUP}
${both}
fn compute(group: vec3u, local: u32) {
  let column = i32(flatGroup(group));
  if (column >= u.width) { return; }
  var part = vec2f(0.0);
  for (var row = i32(local); row < u.rows; row += ${INVOCATIONS}) {
    let gradient = D[row * u.width + column];
    part += vec2f(gradient * N[row * u.width + column], gradient);
  }
  let sums = bothSummed(part, local);
  if (local == 0u) {
    Y[column] = sums.x;
    Z[column] = sums.y;
  }
}`,
  });
  return { dX, dGain, dBias };
}
