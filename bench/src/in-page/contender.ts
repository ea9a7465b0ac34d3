import * as tf from '@tensorflow/tfjs-core';
import type { Compute } from '../computations.js';
import type { Contender } from '../contest.js';

/** A computation on tensors of the engine that `enter` selects; a run waits for the device, and its numbers are on the host then. */
export function contender(
  name: string,
  enter: () => Promise<void>,
  tensors: readonly tf.Tensor[],
  compute: Compute,
): Contender {
  return {
    name,
    enter,
    run: async () => {
      const outputs = [tf.tidy(() => compute(...tensors))].flat();
      const results = await Promise.all(outputs.map((output) => output.data<'float32'>()));
      tf.dispose(outputs);
      return results;
    },
  };
}
