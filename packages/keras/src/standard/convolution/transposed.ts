import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import type { LayerVariable } from '@tensorflow/tfjs-layers';
import { ConvolutionLayer } from './convolution-layer.js';
import { convolve } from './convolve.js';
import { asPair } from './placement.js';

/** The gradient of a convolution as a layer: sequences and images grow by their strides. The kernel is [h, w, filters, channels]. */
export class TransposedConvolution extends ConvolutionLayer {
  #kernel!: LayerVariable;

  protected buildKernels(channels: number): number {
    const filters = this.config.count('filters');
    this.#kernel = this.weightOf('kernel', 'kernel', this.kernelShape(filters, channels), 'glorot_uniform');
    return filters;
  }

  protected convolve(images: Tensor4D): Tensor {
    const { size } = this.spacing;
    const dilations = asPair(this.spacing.dilations, 1);
    const strides = asPair(this.spacing.strides, 1);
    const amounts = this.lengths(images).map((length, axis): readonly [number, number] => {
      const reach = (size[axis] - 1) * this.spacing.dilations[axis];
      const apart = (length - 1) * this.spacing.strides[axis] + 1;
      const [output, cut] = this.#outputOf(length, axis, reach + 1);
      const before = reach - cut;
      return [before, output + reach - before - apart];
    });
    const padding = asPair(amounts, [0, 0] as const);
    const kernel = tf.transpose(tf.reverse(this.forImages(this.#kernel), [0, 1]), [0, 1, 3, 2]);
    return convolve(cropped(spaced(images, strides), padding), kernel, {
      strides: [1, 1],
      dilations,
      padding: padding.map(([before, after]) => [Math.max(before, 0), Math.max(after, 0)] as const),
    });
  }

  /** Length of an axis of the output, and how much the convolution whose gradient this is pads before it. */
  #outputOf(length: number, axis: number, reach: number): [number, number] {
    const stride = this.spacing.strides[axis];
    const extra = this.config.has('output_padding')
      ? this.config.perAxis('output_padding', this.axes, 0, 0)[axis]
      : undefined;
    const isSame = this.spacing.padding === 'same';
    if (extra === undefined) {
      const output = isSame ? length * stride : length * stride + Math.max(reach - stride, 0);
      return [output, isSame ? Math.floor(Math.max((length - 1) * stride + reach - output, 0) / 2) : 0];
    }
    const pad = isSame ? Math.floor(reach / 2) : 0;
    const output = (length - 1) * stride + reach - 2 * pad + extra;
    return [output, isSame ? Math.floor(Math.max((length - 1) * stride + reach - output, 0) / 2) : 0];
  }
}

/** Zeros between the places of an image, as many as the strides leave out. */
function spaced(x: Tensor4D, [down, right]: readonly number[]): Tensor4D {
  if (down === 1 && right === 1) return x;
  const [batch, height, width, channels] = x.shape;
  const split = tf.reshape(x, [batch, height, 1, width, channels]);
  const padded = tf.pad(split, [
    [0, 0],
    [0, 0],
    [0, down - 1],
    [0, 0],
    [0, (right - 1) * channels],
  ]);
  const wide = tf.reshape(padded, [batch, height * down, width * right, channels]) as Tensor4D;
  return tf.slice4d(wide, [0, 0, 0, 0], [batch, (height - 1) * down + 1, (width - 1) * right + 1, channels]);
}

/** An image without what a negative padding takes away. */
function cropped(x: Tensor4D, padding: readonly (readonly [number, number])[]): Tensor4D {
  const [[top, bottom], [left, right]] = padding.map((amounts) => amounts.map((amount) => Math.max(-amount, 0)));
  if (top + bottom + left + right === 0) return x;
  const [batch, height, width, channels] = x.shape;
  return tf.slice4d(x, [0, top, left, 0], [batch, height - top - bottom, width - left - right, channels]);
}
