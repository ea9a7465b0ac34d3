import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import type { Active } from './cell.js';

/** The products of all steps with a kernel at once, x [B, T, D] and kernel [D, W] → T times [B, W]. */
export function project(x: Tensor3D, kernel: Tensor2D, bias?: tf.Tensor): Tensor2D[] {
  const [batch, time, width] = x.shape;
  const rows = tf.reshape(tf.transpose(x, [1, 0, 2]), [time * batch, width]) as Tensor2D;
  const product = tf.matMul(rows, kernel);
  const sum = bias === undefined ? product : tf.add(product, bias);
  return stepsOf(tf.reshape(sum, [time, batch, kernel.shape[1]]) as Tensor3D);
}

/** The steps of x, [T, B, W] → T times [B, W]. */
function stepsOf(x: Tensor3D): Tensor2D[] {
  // TensorFlow.js 4.22's gradient of `unstack` fails when there is one step: it gets a tensor and expects an array.
  return x.shape[0] === 1 ? [tf.squeeze(x, [0])] : (tf.unstack(x) as Tensor2D[]);
}

/** x W, [B, H]·[H, W]. */
export const product = (x: Tensor2D, kernel: Tensor2D): Tensor2D => tf.matMul(x, kernel);

/** Parts of equal width along the last axis. */
export const gatesOf = (x: tf.Tensor, count: number): tf.Tensor[] => tf.split(x, count, -1);

/** The next state where a row counts, the one before elsewhere. */
export function keepInactive(active: Active, next: Tensor2D, before: Tensor2D): Tensor2D {
  if (active === undefined) return next;
  return tf.where(tf.broadcastTo(tf.tensor2d(active, [active.length, 1], 'bool'), next.shape), next, before);
}

/** Factors of a dropout that is the same for all steps, undefined where nothing is dropped. */
export const dropoutOf = (shape: readonly number[], rate: number, training: boolean): tf.Tensor | undefined =>
  training && rate > 0 ? tf.dropout(tf.ones([...shape]), rate) : undefined;

export const times = <T extends tf.Tensor>(x: T, factors: tf.Tensor | undefined): T =>
  factors === undefined ? x : tf.mul<T>(x, factors);
