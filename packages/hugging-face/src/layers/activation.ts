import * as tf from '@tensorflow/tfjs-core';
import { HeedError } from '@heed/base';
import { gelu, squaredRelu, swish } from '@heed/core/model-ops';
import type { Layer } from './layer.js';

/** β of `quick_gelu`: Hendrycks & Gimpel 2016, §2. */
const QUICK = 1.702;

const exactGelu: Layer = (x) => gelu(x);
const tanhGelu: Layer = (x) => gelu(x, 'tanh');
const silu: Layer = (x) => swish(x);

/** Activations by the names that configurations have for them. */
const ACTIVATIONS: Readonly<Record<string, Layer>> = {
  gelu: exactGelu,
  gelu_python: exactGelu,
  gelu_new: tanhGelu,
  gelu_accurate: tanhGelu,
  gelu_fast: tanhGelu,
  gelu_pytorch_tanh: tanhGelu,
  gelu_python_tanh: tanhGelu,
  quick_gelu: (x) => swish(x, QUICK),
  relu: (x) => tf.relu(x),
  relu2: squaredRelu,
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
