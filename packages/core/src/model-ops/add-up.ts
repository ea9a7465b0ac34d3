import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { kernelOf } from '../engine.js';
import { oneHot } from './one-hot.js';

/**
 * Adds row n of x [N, W] to row `to[n]` of the result [count, W]. Where an engine lacks the kernel for it, as a product with
 * one-hot rows: tables are small there.
 */
export function addUp(x: Tensor, to: Int32Array, count: number): Tensor {
  return kernelOf('UnsortedSegmentSum') === undefined
    ? tf.matMul(oneHot(to, count), x, true, false)
    : tf.unsortedSegmentSum(x, tf.tensor1d(to, 'int32'), count);
}
