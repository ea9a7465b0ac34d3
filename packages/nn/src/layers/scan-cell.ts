import type * as tf from '@tensorflow/tfjs-core';
import { scan } from '@heed/core/model-ops';
import type { Cell } from './cell.js';

/**
 * A cell over all steps, as one loop that an engine may have a kernel for.
 *
 * @param steps terms of each group, [T, B, width]
 * @param start the state before the first step, [B, S]
 * @returns h after each step, [T, B, H], and the state after the last one
 */
export function scanCell(
  cell: Cell,
  steps: readonly tf.Tensor3D[],
  start: tf.Tensor2D,
): { readonly hidden: tf.Tensor3D; readonly state: tf.Tensor2D } {
  const step = cell.unroll();
  const { state, outputs } = scan(
    ([before], terms) => {
      const next = step(
        terms.map((group) => [group as tf.Tensor2D]),
        before as tf.Tensor2D,
      );
      return { state: [next], outputs: [cell.output(next)] };
    },
    { state: [start], steps },
  );
  return { hidden: outputs[0] as tf.Tensor3D, state: state[0] as tf.Tensor2D };
}
