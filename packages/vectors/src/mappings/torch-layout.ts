import * as tf from '@tensorflow/tfjs-core';
import { cannot, flagIn, type NamedTensors } from '../mapping.js';
import type { VectorCase } from '../vector-case.js';

/** How a case of PyTorch lays its sequences out: [B, T, W] by default, [T, B, W] without batch_first, [T, W] unbatched. */
export interface Layout {
  /** Axis of steps. */
  readonly time: 0 | 1;
  /** An input as [B, T, W]. */
  sequences(inputs: NamedTensors, name: string): tf.Tensor3D;
  /** [B, T, W] as the case has it. */
  back(x: tf.Tensor3D): tf.Tensor;
  /** [B, …] as the case has what has no axis of steps to turn. */
  rows(x: tf.Tensor): tf.Tensor;
}

export function layoutOf(test: VectorCase): Layout {
  const unbatched = flagIn(test, 'unbatched');
  const batchFirst = unbatched || !('batch_first' in test.options) || flagIn(test, 'batch_first');
  const turned = (x: tf.Tensor3D): tf.Tensor3D => (batchFirst ? x : tf.transpose(x, [1, 0, 2]));
  return {
    time: unbatched || !batchFirst ? 0 : 1,
    sequences(inputs, name) {
      const x = inputs[name] ?? cannot(test, `in/${name} is missing`);
      return unbatched ? tf.expandDims(x as tf.Tensor2D, 0) : turned(x as tf.Tensor3D);
    },
    back: (x) => (unbatched ? tf.squeeze(x, [0]) : turned(x)),
    rows: (x) => (unbatched ? tf.squeeze(x, [0]) : x),
  };
}
