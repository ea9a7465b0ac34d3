import * as tf from '@tensorflow/tfjs-core';
import { tidy, type GraphTensors } from '@heed/nn';

/** Rows of tensors by name, by their numbers, in place of the tensors, which are disposed of. */
export function takeRows(tensors: GraphTensors, rows: Int32Array): GraphTensors {
  const found = tidy(() => {
    const index = tf.tensor1d(rows, 'int32');
    return Object.fromEntries(Object.entries(tensors).map(([name, x]) => [name, tf.gather(x, index)]));
  });
  tf.dispose(Object.values(tensors));
  return found;
}
