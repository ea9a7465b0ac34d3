import * as tf from '@tensorflow/tfjs-core';

/** What tensors hold; they are disposed, also when they can't be read. */
export async function dataOf(tensors: readonly tf.Tensor[]): Promise<Float32Array[]> {
  try {
    return await Promise.all(tensors.map((tensor) => tensor.data<'float32'>()));
  } finally {
    tf.dispose([...tensors]);
  }
}
