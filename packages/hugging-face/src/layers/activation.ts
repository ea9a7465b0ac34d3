import * as tf from '@tensorflow/tfjs-core';
import { HeedError } from '@heed/base';
import { gelu } from '@heed/nn';
import type { Layer } from './layer.js';

const SLOPE = 2 * Math.sqrt(2 / Math.PI);

/** GELU by tanh: ½x(1 + tanh(√(2/π)(x + 0.044715x³))), in which ½(1 + tanh u) is σ(2u), with fewer passes over the numbers. */
const tanhGelu: Layer = (x) => tf.mul(x, tf.sigmoid(tf.mul(x, tf.add(SLOPE, tf.mul(SLOPE * 0.044715, tf.square(x))))));
const silu: Layer = (x) => tf.mul(x, tf.sigmoid(x));

/** Activations by the names that configurations have for them. */
const ACTIVATIONS: Readonly<Record<string, Layer>> = {
  gelu,
  gelu_python: gelu,
  gelu_new: tanhGelu,
  gelu_fast: tanhGelu,
  gelu_pytorch_tanh: tanhGelu,
  gelu_python_tanh: tanhGelu,
  quick_gelu: (x) => tf.mul(x, tf.sigmoid(tf.mul(x, 1.702))),
  relu: (x) => tf.relu(x),
  relu2: (x) => tf.square(tf.relu(x)),
  silu,
  swish: silu,
  tanh: (x) => tf.tanh(x),
  sigmoid: (x) => tf.sigmoid(x),
  linear: (x) => x,
};

/** @throws HeedError UNKNOWN_NAME */
export function activationOf(name: string): Layer {
  if (Object.hasOwn(ACTIVATIONS, name)) return ACTIVATIONS[name]!;
  throw new HeedError('UNKNOWN_NAME', {
    message: `there is no activation ${JSON.stringify(name)}`,
    hint: `the known ones are ${Object.keys(ACTIVATIONS).join(', ')}`,
  });
}
