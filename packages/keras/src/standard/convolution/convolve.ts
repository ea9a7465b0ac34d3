import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { partsUnder, type Placement, withEdges } from './windows.js';
import { composedWhereRecorded, type Op } from './where-recorded.js';

/**
 * Convolution of images [B, H, W, C] with a kernel [h, w, C / groups, F]: F maps, those of group g of the channels of group g.
 */
export function convolve(x: Tensor4D, kernel: Tensor4D, placement: Placement, groups = 1): Tensor {
  if (groups === 1)
    return composedWhereRecorded(
      composedConvolution(placement),
      ownConvolution(placement),
      withEdges(x, placement),
      kernel,
    );
  const channels = tf.split(x, groups, 3);
  const kernels = tf.split(kernel, groups, 3);
  return tf.concat(
    channels.map((part, n) => convolve(part as Tensor4D, kernels[n] as Tensor4D, placement)),
    3,
  );
}

const ownConvolution =
  ({ strides, dilations }: Placement): Op =>
  (x, kernel) =>
    tf.conv2d(x as Tensor4D, kernel as Tensor4D, [...strides], 'valid', 'NHWC', [...dilations]);

const composedConvolution =
  (placement: Placement): Op =>
  (x, kernel) =>
    sumOf(partsUnder(x as Tensor4D, kernel.shape, placement).map((part, n) => timesMatrix(part, placeOf(kernel, n))));

/** Each channel convolved by itself with M kernels, [h, w, C, M] → [B, H', W', C·M]. */
export function convolveDepthwise(x: Tensor4D, kernel: Tensor4D, placement: Placement): Tensor {
  return composedWhereRecorded(composedDepthwise(placement), ownDepthwise(placement), withEdges(x, placement), kernel);
}

const ownDepthwise =
  ({ strides, dilations }: Placement): Op =>
  (x, kernel) =>
    tf.depthwiseConv2d(x as Tensor4D, kernel as Tensor4D, [...strides], 'valid', 'NHWC', [...dilations]);

const composedDepthwise =
  (placement: Placement): Op =>
  (x, kernel) => {
    const [, , channels, multiplier] = kernel.shape;
    const terms = partsUnder(x as Tensor4D, kernel.shape, placement).map((part, n) => {
      const weights = placeOf(kernel, n);
      const [batch, h, w] = part.shape;
      const product = tf.mul(
        tf.reshape(part, [batch, h, w, channels, 1]),
        tf.reshape(weights, [1, 1, 1, channels, multiplier]),
      );
      return tf.reshape(product, [batch, h, w, channels * multiplier]);
    });
    return sumOf(terms);
  };

/** Weights of one place of a kernel, counted row by row. */
function placeOf(kernel: Tensor, n: number): Tensor2D {
  const [height, width, channels, filters] = kernel.shape;
  return tf.reshape(tf.slice(tf.reshape(kernel, [height * width, channels, filters]), [n, 0, 0], [1, -1, -1]), [
    channels,
    filters,
  ]);
}

const sumOf = (terms: readonly Tensor[]): Tensor => (terms.length === 1 ? terms[0] : tf.addN([...terms]));

function timesMatrix(x: Tensor4D, matrix: Tensor2D): Tensor {
  const [batch, height, width, channels] = x.shape;
  return tf.reshape(tf.matMul(tf.reshape(x, [-1, channels]), matrix), [batch, height, width, matrix.shape[1]]);
}
