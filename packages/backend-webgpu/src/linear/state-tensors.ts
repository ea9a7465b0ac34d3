import type { LinearAttentionRequest } from '@heed/core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { INVOCATIONS } from '../attention/tiles.js';
import { FLAT_GROUP, flat } from '../pass.js';
import type { Scope } from '../scope.js';
import type { Sizes } from './sizes.js';

/** States, or gradients in them, at the bounds of chunks: [chunks + 1, M, D, C] from number `base` of a buffer on. */
export interface Boundaries {
  readonly tensor: TensorInfo;
  readonly base: number;
}

const numberOf = ({ base }: Boundaries, slot: number, { rows, width, columns }: Sizes): number =>
  base + slot * rows * width * columns;

/** Lays a state [B, Hk, D, Dv] and the normaliser beside it, [B, Hk, D]; zeros for what isn't given. */
export function layState(
  scope: Scope,
  state: TensorInfo | undefined,
  normalizer: TensorInfo | undefined,
  to: Boundaries,
  slot: number,
  sizes: Sizes,
): void {
  const { rows, width, columns, valueWidth } = sizes;
  const count = rows * width * columns;
  scope.run({
    label: 'state',
    inputs: { ...(state && { X: state }), ...(normalizer && { Z: normalizer }) },
    outputs: { S: to.tensor },
    integers: { count, columns, valueWidth, start: numberOf(to, slot, sizes) },
    invocations: INVOCATIONS,
    workgroups: flat(Math.ceil(count / INVOCATIONS)),
    code: `${FLAT_GROUP}
fn compute(group: vec3u, local: u32) {
  let n = i32(flatGroup(group)) * ${INVOCATIONS} + i32(local);
  if (n >= u.count) { return; }
  let row = n / u.columns;
  let c = n % u.columns;
  var x = 0.0;
  ${state ? 'if (c < u.valueWidth) { x = X[row * u.valueWidth + c]; }' : ''}
  ${normalizer ? 'if (c == u.valueWidth) { x = Z[row]; }' : ''}
  S[u.start + n] = x;
}`,
  });
}

/** A state as tensors [B, Hk, D, Dv] and [B, Hk, D], the second of which only normalised contexts have. */
export function stateTensors(
  scope: Scope,
  from: Boundaries,
  slot: number,
  { batch, keyHeads, normalize }: LinearAttentionRequest,
  sizes: Sizes,
): { readonly state: TensorInfo; readonly normalizer?: TensorInfo } {
  const { rows, width, columns, valueWidth } = sizes;
  const part = (first: number, length: number, shape: readonly number[]): TensorInfo =>
    columnsFrom(scope, from.tensor, numberOf(from, slot, sizes), { rows: rows * width, columns, first, length }, shape);
  return {
    state: part(0, valueWidth, [batch, keyHeads, width, valueWidth]),
    ...(normalize && { normalizer: part(valueWidth, 1, [batch, keyHeads, width]) }),
  };
}

interface Columns {
  readonly rows: number;
  readonly columns: number;
  readonly first: number;
  readonly length: number;
}

/** Some columns of a matrix that begins at number `start` of a buffer. */
export function columnsFrom(
  scope: Scope,
  x: TensorInfo,
  start: number,
  { rows, columns, first, length }: Columns,
  shape: readonly number[],
): TensorInfo {
  const output = scope.output(shape);
  const count = rows * length;
  scope.run({
    label: 'columns',
    inputs: { X: x },
    outputs: { Y: output },
    integers: { count, columns, length, start: start + first },
    invocations: INVOCATIONS,
    workgroups: flat(Math.ceil(count / INVOCATIONS)),
    code: `${FLAT_GROUP}
fn compute(group: vec3u, local: u32) {
  let n = i32(flatGroup(group)) * ${INVOCATIONS} + i32(local);
  if (n < u.count) { Y[n] = X[u.start + n / u.length * u.columns + n % u.length]; }
}`,
  });
  return output;
}
