import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** Which way a recurrent layer reads. Backward starts at each row's own end, so padding is never read first. */
export type Direction = 'forward' | 'backward';

/** The position that a row of the given length reads at step t, or −1 past its end. */
export function positionAt(direction: Direction, length: number, t: number): number {
  if (t >= length) return -1;
  return direction === 'forward' ? t : length - 1 - t;
}

/** One-hot [B, T, T]: row t of a batch row selects the position that is read at step t, or nothing. */
export function selectionOf(direction: Direction, lengths: Int32Array, time: number): Tensor {
  const values = new Float32Array(lengths.length * time * time);
  lengths.forEach((length, b) => {
    for (let t = 0; t < length; t++) values[(b * time + t) * time + positionAt(direction, length, t)] = 1;
  });
  return tf.tensor3d(values, [lengths.length, time, time]);
}
