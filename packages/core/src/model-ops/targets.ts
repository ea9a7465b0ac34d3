import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { HeedError } from '@heed/base';
import { checkIds, checkLength } from './check.js';

/** What a classifier should have said, row by row. */
export interface TargetAttributes {
  /** The right class of each row. */
  readonly ids: Int32Array;
  /** What each row counts; what a row that counts 0 holds reaches neither the loss nor a gradient. */
  readonly weights: Float32Array;
  /** The share of a target that is spread over all classes, in [0, 1). */
  readonly smoothing: number;
}

/**
 * @throws HeedError INVALID_ARGUMENT for a smoothing that is no share in [0, 1), or a class that isn't there
 * @throws HeedError SHAPE_MISMATCH where there isn't one entry for each row
 */
export function checkTargets(
  op: string,
  { ids, weights, smoothing }: TargetAttributes,
  { rows, classes }: { readonly rows: number; readonly classes: number },
): void {
  checkLength(`${op}: ids`, ids, rows);
  checkLength(`${op}: weights`, weights, rows);
  checkIds(`${op}: ids`, ids, classes);
  if (smoothing >= 0 && smoothing < 1) return;
  throw new HeedError('INVALID_ARGUMENT', {
    message: `loss: labelSmoothing is ${String(smoothing)}`,
    hint: 'a number ≥ 0 and < 1, usually 0 to 0.1',
    details: { labelSmoothing: smoothing },
  });
}

/** x [N, W] with 0 in the rows that count nothing, whatever they held. */
export function counted(x: Tensor, { weights }: Pick<TargetAttributes, 'weights'>): Tensor {
  if (weights.every((weight) => weight !== 0)) return x;
  return tf.where(tf.notEqual(tf.tensor2d(weights, [weights.length, 1]), 0), x, tf.zerosLike(x));
}
