import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { byFormula, type MakeFormula } from './formula.js';
import type { LayerConfig } from './layer-config.js';
import type { LayerTable } from './make-layer.js';

/** A layer that changes its inputs at random while training, and is nothing else. */
const whileTraining =
  (make: (config: LayerConfig) => (x: Tensor) => Tensor): MakeFormula =>
  (config) => {
    const change = make(config);
    return {
      argumentNames: ['inputs', 'training'],
      keepsMask: true,
      run: (x, { training }) => (training === true ? change(x) : x),
    };
  };

/** Sets a share of the numbers to 0, and divides the others by what is left; all numbers of an axis of length 1 in `shape` have one fate. */
function dropout(x: Tensor, rate: number, shape: readonly (number | null)[]): Tensor {
  if (rate === 0) return x;
  if (rate === 1) return tf.zerosLike(x);
  const lengths = x.shape.map((length, axis) => shape[axis] ?? length);
  return tf.mul(x, tf.dropout(tf.ones(lengths), rate));
}

/** What selu goes to for numbers far below 0. */
const LOWEST = -1.6732632423543772 * 1.0507009873554805;

/** Sets a share of the numbers to selu's lowest, and brings the mean and variance of all back to 0 and 1. */
function alphaDropout(x: Tensor, rate: number, shape: readonly (number | null)[]): Tensor {
  if (rate === 0 || rate === 1) return dropout(x, rate, shape);
  const lengths = x.shape.map((length, axis) => shape[axis] ?? length);
  const kept = tf.cast(tf.greaterEqual(tf.randomUniform(lengths), rate), 'float32');
  const factor = 1 / Math.sqrt((1 - rate) * (1 + rate * LOWEST ** 2));
  const all = tf.add(tf.mul(x, kept), tf.mul(tf.sub(1, kept), LOWEST));
  return tf.sub(tf.mul(all, factor), factor * LOWEST * rate);
}

/** Dropout of whole channels, the last axis: they have one fate at all places. */
const ofChannels = whileTraining((config) => {
  const rate = config.rate('rate');
  const isFirst = config.has('data_format') && config.channelsFirst;
  return (x) =>
    dropout(
      x,
      rate,
      x.shape.map((length, axis) => (axis === 0 || axis === (isFirst ? 1 : x.rank - 1) ? length : 1)),
    );
});

/** What is random while training. Random numbers are TensorFlow.js's, so a seed gives others than in Keras. */
export const NOISE_LAYERS: LayerTable = byFormula({
  // What it adds to the loss is left out.
  ActivityRegularization: whileTraining(() => (x) => x),
  Dropout: whileTraining((config) => {
    const rate = config.rate('rate');
    const shape = (config.values['noise_shape'] ?? []) as readonly (number | null)[];
    return (x) => dropout(x, rate, shape);
  }),
  SpatialDropout1D: ofChannels,
  SpatialDropout2D: ofChannels,
  SpatialDropout3D: ofChannels,
  AlphaDropout: whileTraining((config) => {
    const rate = config.rate('rate');
    const shape = (config.values['noise_shape'] ?? []) as readonly (number | null)[];
    return (x) => alphaDropout(x, rate, shape);
  }),
  GaussianDropout: whileTraining((config) => {
    const rate = config.rate('rate');
    return (x) => (rate === 0 ? x : tf.mul(x, tf.randomNormal(x.shape, 1, Math.sqrt(rate / (1 - rate)))));
  }),
  GaussianNoise: whileTraining((config) => {
    const deviation = config.number('stddev');
    return (x) => tf.add(x, tf.randomNormal(x.shape, 0, deviation));
  }),
});
