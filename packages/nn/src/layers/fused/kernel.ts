import * as tf from '@tensorflow/tfjs-core';

/** Whether the engine in use has a kernel of that name. */
export const hasKernel = (name: string): boolean => tf.getKernel(name, tf.getBackend()) !== undefined;

/** Runs a kernel of several outputs by itself, without a gradient. */
export function runKernel(name: string, inputs: readonly tf.Tensor[], attributes: object = {}): tf.Tensor[] {
  const named = Object.fromEntries(inputs.map((input, i) => [String(i), input]));
  return tf.engine().runKernel(name, named, attributes as tf.NamedAttrMap) as unknown as tf.Tensor[];
}
