import * as tf from '@tensorflow/tfjs-core';
import type { ComposedModelOp } from '../define.js';
import { conv2dSizes } from './sizes.js';
import type { Conv2dAttributes, conv2dSpec } from './spec.js';

export const composedConv2d: ComposedModelOp<typeof conv2dSpec> = {
  forward: ({ x, filter }, attributes) => ({
    y: tf.conv2d(padded(x, attributes), filter as tf.Tensor4D, [...attributes.strides], 'valid'),
  }),

  backward({ x, filter, dY }, attributes) {
    return { dX: gradientOfInput(x, filter, dY, attributes), dFilter: gradientOfFilter(x, filter, dY, attributes) };
  },
};

const padded = (x: tf.Tensor, { padRows, padColumns }: Conv2dAttributes): tf.Tensor4D =>
  tf.pad(x as tf.Tensor4D, [[0, 0], [...padRows], [...padColumns], [0, 0]]);

function gradientOfInput(x: tf.Tensor, filter: tf.Tensor, dY: tf.Tensor, attributes: Conv2dAttributes): tf.Tensor {
  const { strides, padRows, padColumns } = attributes;
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  const whole = [batch, height + sum(padRows), width + sum(padColumns), channels] as const;
  const spread = tf.conv2dTranspose(dY as tf.Tensor4D, filter as tf.Tensor4D, [...whole], [...strides], 'valid');
  return tf.slice(spread, [0, padRows[0], padColumns[0], 0], [batch, height, width, channels]);
}

const sum = ([before, after]: readonly [number, number]): number => before + after;

/**
 * A convolution, too: the channels of x are its pictures, the batch is its channels, and dY its filters, whose numbers are as far apart as the strides.
 * TensorFlow.js's own `Conv2DBackpropFilter` is missing on the wasm engine.
 */
function gradientOfFilter(x: tf.Tensor, filter: tf.Tensor, dY: tf.Tensor, attributes: Conv2dAttributes): tf.Tensor {
  const { filterHeight, filterWidth, channels, filters } = conv2dSizes(x.shape, filter.shape, attributes);
  const pictures = tf.transpose(padded(x, attributes), [3, 1, 2, 0]); // [C, H', W', B]
  const by = tf.transpose(dY as tf.Tensor4D, [1, 2, 0, 3]); // [P, Q, B, O]
  const made = tf.conv2d(pictures, by, 1, 'valid', 'NHWC', [...attributes.strides]);
  // Rows and columns that no place of the filter reaches give more than there is of it.
  const reached = tf.slice(made, [0, 0, 0, 0], [channels, filterHeight, filterWidth, filters]);
  return tf.transpose(reached, [1, 2, 0, 3]);
}
