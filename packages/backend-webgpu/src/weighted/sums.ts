import type { WeightedContextRequest } from '@heed/core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { productTiles, tiledProduct } from '../passes/product.js';
import type { Scope } from '../scope.js';
import type { Weighing } from './weighing.js';

/** Sums over keys of values by their weights: contexts, [B, H, Tq, Dv]. */
export function contexts(
  scope: Scope,
  weighing: Weighing,
  request: WeightedContextRequest,
  weights: TensorInfo,
  value: TensorInfo,
): TensorInfo {
  const { batch, heads, queries, keys, valueWidth } = request;
  const output = scope.output([batch, heads, queries, valueWidth]);
  weighted(scope, weighing, [batch * heads, queries, keys, valueWidth], { W: weights, V: value }, output, 'i, k');
  return output;
}

/** Sums over queries of contexts' gradients by their weights: gradients in values, [B, H, Tk, Dv]. */
export function valueGradients(
  scope: Scope,
  weighing: Weighing,
  request: WeightedContextRequest,
  weights: TensorInfo,
  dContext: TensorInfo,
): TensorInfo {
  const { batch, heads, queries, keys, valueWidth } = request;
  const output = scope.output([batch, heads, keys, valueWidth]);
  weighted(scope, weighing, [batch * heads, keys, queries, valueWidth], { W: weights, V: dContext }, output, 'k, i');
  return output;
}

/**
 * A product of weights after dropout, which a position that takes no part is left out of, whatever stands there.
 *
 * @param position query and key of a number of the left matrix
 */
function weighted(
  scope: Scope,
  weighing: Weighing,
  [count, rows, inner, columns]: readonly [number, number, number, number],
  tensors: { readonly W: TensorInfo; readonly V: TensorInfo },
  output: TensorInfo,
  position: 'i, k' | 'k, i',
): void {
  const { integers: tiles, ...run } = productTiles(count, rows, inner, columns);
  scope.run({
    ...run,
    label: 'sum by weights',
    inputs: { ...weighing.inputs, ...tensors },
    outputs: { Y: output },
    integers: { ...weighing.integers, ...tiles, batch: count },
    floats: weighing.floats,
    code: `${weighing.code}
// No weight is negative.
const NO_PART = -1.0;
fn keptAt(n: i32, i: i32, j: i32) -> f32 {
  let row = n * u.queries + i;
  let at = row * u.keys + j;
  if (!isOpen(n, i, j) || isMinusInfinity(S[at])) { return NO_PART; }
  return W[at] * dropoutFactor(row, j);
}
fn numberA(n: i32, i: i32, k: i32) -> f32 {
  if (i >= u.rows || k >= u.inner) { return NO_PART; }
  return keptAt(n, ${position});
}
fn numberB(n: i32, k: i32, j: i32) -> f32 {
  if (k >= u.inner || j >= u.columns) { return 0.0; }
  return V[(n * u.inner + k) * u.columns + j];
}
${tiledProduct((l) => `if (bitcast<u32>(x[${l}]) != 0xbf800000u) { sum${l} += x[${l}] * y; }`)}`,
  });
}
