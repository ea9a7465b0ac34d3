import { HeedError } from '@heed/base';
import { checkTensor } from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';

/** How a call lays its sequences out: [T, B, W], [B, T, W] with `batchFirst`, or [T, W] of one sequence without a batch. */
export interface Layout {
  /** Whether there is an axis B. */
  readonly isBatched: boolean;
  /**
   * An input as [B, T, W].
   *
   * @throws HeedError SHAPE_MISMATCH, DTYPE_UNSUPPORTED, INVALID_ARGUMENT, DISPOSED
   */
  sequences(what: string, x: tf.Tensor, width: number): tf.Tensor3D;
  /** [B, T, W] as the call has it. */
  back(x: tf.Tensor3D): tf.Tensor;
  /** [B, …] of what has no axis of steps to turn, as the call has it. */
  rows(x: tf.Tensor): tf.Tensor;
  /** A mask of positions as bool [B, T]; of one sequence it may be [T]. */
  positions(mask: tf.Tensor | undefined): tf.Tensor2D | undefined;
}

/** The layout of a call, which the rank of its first input tells. */
export function layoutOf(what: string, first: tf.Tensor, batchFirst: boolean): Layout {
  const axes = batchFirst ? 'B, T, W' : 'T, B, W';
  if (first?.rank !== 2 && first?.rank !== 3) {
    throw new HeedError(first instanceof tf.Tensor ? 'SHAPE_MISMATCH' : 'INVALID_ARGUMENT', {
      message: `${what} ${first instanceof tf.Tensor ? `has shape [${first.shape}]` : 'is no tensor'}`,
      hint: `sequences [${axes}], or one sequence [T, W]`,
    });
  }
  const unbatched = first.rank === 2;
  const turned = (x: tf.Tensor3D): tf.Tensor3D => (batchFirst ? x : tf.transpose(x, [1, 0, 2]));
  return {
    isBatched: !unbatched,
    sequences(name, x, width) {
      checkTensor(name, x, { axes: unbatched ? ['T', width] : [...axes.split(', ').slice(0, 2), width] });
      return unbatched ? tf.expandDims(x as tf.Tensor2D, 0) : turned(x as tf.Tensor3D);
    },
    back: (x) => (unbatched ? tf.squeeze(x, [0]) : turned(x)),
    rows: (x) => (unbatched ? tf.squeeze(x, [0]) : x),
    positions: (mask) =>
      (unbatched && mask?.rank === 1 ? tf.expandDims(mask as tf.Tensor1D, 0) : mask) as tf.Tensor2D | undefined,
  };
}
