import { HeedError, suggestion } from '@heed/base';
import { gelu as geluOf, swish } from '@heed/core/model-ops';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { isObject } from '../files/read-json.js';
import { isOver } from './untaped.js';

/** A function of each number of a tensor, or along an axis, the last one by default. */
export type Activation = (x: Tensor) => Tensor;

const clip = (x: Tensor, least: number, most: number): Tensor =>
  tf.sub(tf.relu(tf.sub(x, least)), tf.sub(tf.relu(tf.sub(x, most)), least));

/** max(x, 0) + min(slope·x, 0) */
export const leakyRelu = (x: Tensor, slope = 0.2): Tensor => tf.sub(tf.relu(x), tf.mul(slope, tf.relu(tf.neg(x))));

/** x where it is positive, alpha·(eˣ − 1) elsewhere. */
export const elu = (x: Tensor, alpha = 1): Tensor =>
  alpha === 1 ? tf.elu(x) : tf.sub(tf.relu(x), tf.mul(-alpha, tf.expm1(tf.neg(tf.relu(tf.neg(x))))));

/** The same, as smooth at 0 as below it: alpha·(e^(x/alpha) − 1) there. */
export const celu = (x: Tensor, alpha = 1): Tensor =>
  alpha === 1 ? tf.elu(x) : tf.sub(tf.relu(x), tf.mul(-alpha, tf.expm1(tf.div(tf.neg(tf.relu(tf.neg(x))), alpha))));

/** x drawn towards 0 by a threshold. */
export const softShrink = (x: Tensor, threshold = 0.5): Tensor =>
  tf.sub(tf.relu(tf.sub(x, threshold)), tf.relu(tf.sub(tf.neg(x), threshold)));

/** x where it is further from 0 than a threshold, else 0. */
export const hardShrink = (x: Tensor, threshold = 0.5): Tensor => tf.mul(x, isOver(tf.abs(x), threshold));

/** (x + √(x² + b)) / 2 */
export const squareplus = (x: Tensor, b = 4): Tensor => tf.div(tf.add(x, tf.sqrt(tf.add(tf.square(x), b))), 2);

/** Half of the numbers along an axis, each times σ of its number in the other half. */
export const glu = (x: Tensor, axis = -1): Tensor => {
  const [value, gate] = tf.split(x, 2, axis < 0 ? axis + x.rank : axis);
  return tf.mul(value, tf.sigmoid(gate));
};

export const softmax = (x: Tensor, axis = -1): Tensor => lastAxis(x, axis, (moved) => tf.softmax(moved));

/** Model ops of core take float32 alone. */
const floats = (x: Tensor): Tensor => (x.dtype === 'float32' ? x : tf.cast(x, 'float32'));

/** x·Φ(x), or its usual approximation by tanh. */
export const gelu = (x: Tensor, approximate = false): Tensor => geluOf(floats(x), approximate ? 'tanh' : 'none');

/** x·σ(x) */
export const silu: Activation = (x) => swish(floats(x));
const hardSigmoid: Activation = (x) => tf.div(clip(tf.add(x, 3), 0, 6), 6);
const hardSilu: Activation = (x) => tf.mul(x, hardSigmoid(x));
const linear: Activation = (x) => x;

/** Keras's activations by their names. */
const ACTIVATIONS: Readonly<Record<string, Activation>> = {
  linear,
  relu: (x) => tf.relu(x),
  relu6: (x) => clip(x, 0, 6),
  leaky_relu: (x) => leakyRelu(x),
  elu: (x) => elu(x),
  selu: (x) => tf.selu(x),
  celu: (x) => celu(x),
  softplus: (x) => tf.softplus(x),
  softsign: (x) => tf.div(x, tf.add(1, tf.abs(x))),
  squareplus: (x) => squareplus(x),
  soft_shrink: (x) => softShrink(x),
  hard_shrink: (x) => hardShrink(x),
  tanh_shrink: (x) => tf.sub(x, tf.tanh(x)),
  hard_tanh: (x) => clip(x, -1, 1),
  sparse_plus: (x) => tf.add(tf.relu(tf.sub(x, 1)), tf.div(tf.square(clip(tf.add(x, 1), 0, 2)), 4)),
  sparse_sigmoid: (x) => tf.div(clip(tf.add(x, 1), 0, 2), 2),
  silu,
  swish: silu,
  gelu: (x) => gelu(x),
  glu: (x) => glu(x),
  tanh: (x) => tf.tanh(x),
  sigmoid: (x) => tf.sigmoid(x),
  log_sigmoid: (x) => tf.neg(tf.softplus(tf.neg(x))),
  exponential: (x) => tf.exp(x),
  hard_sigmoid: hardSigmoid,
  hard_silu: hardSilu,
  hard_swish: hardSilu,
  mish: (x) => tf.mul(x, tf.tanh(tf.softplus(x))),
  softmax: (x) => softmax(x),
  log_softmax: (x) => tf.logSoftmax(x, -1),
};

/** Activations that were others in Keras 2. */
const OF_KERAS_2: Readonly<Record<string, Activation>> = {
  hard_sigmoid: (x) => clip(tf.add(tf.mul(x, 0.2), 0.5), 0, 1),
};

/**
 * The activation of a configuration: a name, or an object that holds the name.
 *
 * @throws HeedError UNKNOWN_NAME
 */
export function findActivation(value: unknown, className: string, keras2 = false): Activation {
  const name = activationName(value);
  if (keras2 && Object.hasOwn(OF_KERAS_2, name)) return OF_KERAS_2[name];
  if (Object.hasOwn(ACTIVATIONS, name)) return ACTIVATIONS[name];
  throw new HeedError('UNKNOWN_NAME', {
    message: `${className}: activation ${name} is not known`,
    hint: suggestion(name, Object.keys(ACTIVATIONS), 'activations of Keras are'),
    details: { className, activation: name },
  });
}

/** Name of an activation: alone, or of a function of Keras that was written as an object. */
export function activationName(value: unknown): string {
  if (!isObject(value)) return String(value);
  return typeof value['config'] === 'string' ? value['config'] : String(value['class_name']);
}

/** Applies a function of the last axis to another one. */
export function lastAxis(x: Tensor, axis: number, change: Activation): Tensor {
  const at = axis < 0 ? axis + x.rank : axis;
  if (at === x.rank - 1) return change(x);
  const order = Array.from({ length: x.rank }, (_, n) => n);
  [order[at], order[x.rank - 1]] = [order[x.rank - 1], order[at]];
  return tf.transpose(change(tf.transpose(x, order)), order);
}
