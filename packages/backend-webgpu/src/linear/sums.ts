import type { LinearAttentionRequest } from '@heed/core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { INVOCATIONS, SUM } from '../attention/tiles.js';
import { FLAT_GROUP, flat } from '../pass.js';
import type { Scope } from '../scope.js';
import { lengthsOf } from './lay.js';

type Shape = readonly [number, number, number, number];

/** Sums of [B, Hk, T, W], without what is past rows' lengths, over the axes that `shape` has no more: a workgroup for each. */
export function summedTo(
  scope: Scope,
  x: TensorInfo,
  full: Shape,
  shape: Shape,
  request: LinearAttentionRequest,
  output: TensorInfo,
): void {
  const [batch, heads, time, width] = full;
  const [sizeB, sizeH, sizeT, sizeW] = shape;
  const [repeatB, repeatH, repeatT, repeatW] = full.map((length, axis) => (shape[axis] === 1 ? length : 1)) as [
    number,
    number,
    number,
    number,
  ];
  const lengths = lengthsOf(scope, request);
  const repeats = repeatB * repeatH * repeatT * repeatW;
  const cells = sizeB * sizeH * sizeT * sizeW;
  scope.run({
    label: 'sums of sequences',
    inputs: { X: x, ...(lengths && { Lengths: lengths }) },
    outputs: { Y: output },
    integers: { batch, heads, time, width, sizeH, sizeT, sizeW, repeatH, repeatT, repeatW, repeats, cells },
    invocations: INVOCATIONS,
    workgroups: flat(repeats === 1 ? Math.ceil(cells / INVOCATIONS) : cells),
    code: `${FLAT_GROUP}
${SUM}
fn partAt(cell: i32, r: i32) -> f32 {
  let b = cell / (u.sizeW * u.sizeT * u.sizeH) + r / (u.repeatW * u.repeatT * u.repeatH);
  let h = cell / (u.sizeW * u.sizeT) % u.sizeH + r / (u.repeatW * u.repeatT) % u.repeatH;
  let t = cell / u.sizeW % u.sizeT + r / u.repeatW % u.repeatT;
  let w = cell % u.sizeW + r % u.repeatW;
  ${lengths ? 'if (t >= Lengths[b]) { return 0.0; }' : ''}
  return X[((b * u.heads + h) * u.time + t) * u.width + w];
}
fn compute(group: vec3u, local: u32) {
  ${
    repeats === 1
      ? `
  let cell = i32(flatGroup(group)) * ${INVOCATIONS} + i32(local);
  if (cell < u.cells) { Y[cell] = partAt(cell, 0); }`
      : `
  let cell = i32(flatGroup(group));
  if (cell >= u.cells) { return; }
  var sum = 0.0;
  for (var r = i32(local); r < u.repeats; r += ${INVOCATIONS}) { sum += partAt(cell, r); }
  let whole = summed(sum, local);
  if (local == 0u) { Y[cell] = whole; }`
  }
}`,
  });
}
