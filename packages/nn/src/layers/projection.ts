import * as tf from '@tensorflow/tfjs-core';
import { addBias } from '@heed/core/model-ops';
import type { Cell } from './cell.js';
import type { Parameters } from './parameters.js';
import { repeatedProduct } from './repeated-product.js';

/** The input kernels of a cell for one of its inputs, one per group of terms. */
export type InputKernels = readonly tf.Tensor2D[];

export function createInputKernels(parameters: Parameters, key: string, width: number, cell: Cell): InputKernels {
  return cell.groups.map((columns, i) =>
    parameters.kernel(cell.groups.length === 1 ? key : `${key}_${i === 0 ? 'gates' : 'candidate'}`, [width, columns]),
  );
}

/** x W of each group: x [N, X] → [N, group]. */
export function project(x: tf.Tensor2D, kernels: InputKernels): tf.Tensor2D[] {
  return kernels.map((kernel) => tf.matMul(x, kernel) as tf.Tensor2D);
}

/** `project` for the many x of one unrolled loop. */
export function repeatedProjection(kernels: InputKernels): (x: tf.Tensor2D) => tf.Tensor2D[] {
  const products = kernels.map((kernel) => repeatedProduct(kernel));
  return (x) => products.map((product) => product(x));
}

/** x W + b of each group, b being the cell's. */
export function projectWithBias(x: tf.Tensor2D, kernels: InputKernels, cell: Cell): tf.Tensor2D[] {
  return project(x, kernels).map((terms, i) => addBias(terms, cell.biases[i]));
}
