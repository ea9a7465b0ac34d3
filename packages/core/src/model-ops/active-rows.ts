import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

export interface RowAttributes {
  /** Per row, 0 for one that isn't active; absent when all are. */
  readonly active?: Uint8Array;
}

/** The rows of one tensor where they are active, those of the other elsewhere; both [B, W]. */
export function whereActive({ active }: RowAttributes, ifActive: Tensor, otherwise: Tensor): Tensor {
  if (active === undefined) return ifActive;
  return tf.where(tf.tensor2d(active, [active.length, 1], 'bool'), ifActive, otherwise);
}
