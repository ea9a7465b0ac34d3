import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import type { LayerVariable } from '@tensorflow/tfjs-layers';
import type { Json } from '../../files/read-json.js';
import type { LayerTable } from '../make-layer.js';
import { ConvolutionLayer } from './convolution-layer.js';
import { convolve, convolveDepthwise } from './convolve.js';
import { placementOf } from './placement.js';
import { TransposedConvolution } from './transposed.js';

/** Convolution of sequences or images; each group of channels has its own kernels. */
class Convolution extends ConvolutionLayer {
  readonly #groups: number;
  #kernel!: LayerVariable;

  constructor(className: string, config: Json, axes: 1 | 2) {
    super(className, config, axes);
    this.#groups = this.config.count('groups', 1);
  }

  protected buildKernels(channels: number): number {
    const filters = this.config.count('filters');
    if (channels % this.#groups !== 0 || filters % this.#groups !== 0)
      this.config.refuse('groups', `a divisor of ${channels} channels and ${filters} filters`);
    this.#kernel = this.weightOf(
      'kernel',
      'kernel',
      this.kernelShape(channels / this.#groups, filters),
      'glorot_uniform',
    );
    return filters;
  }

  protected convolve(images: Tensor4D): Tensor {
    return convolve(
      images,
      this.forImages(this.#kernel),
      placementOf(this.spacing, this.lengths(images)),
      this.#groups,
    );
  }
}

/** Convolution of each channel by itself, with `depth_multiplier` kernels. */
class DepthwiseConvolution extends ConvolutionLayer {
  #kernel!: LayerVariable;

  protected buildKernels(channels: number): number {
    const multiplier = this.config.count('depth_multiplier', 1);
    this.#kernel = this.weightOf('depthwise', 'kernel', this.kernelShape(channels, multiplier), 'glorot_uniform');
    return channels * multiplier;
  }

  protected convolve(images: Tensor4D): Tensor {
    return convolveDepthwise(images, this.forImages(this.#kernel), placementOf(this.spacing, this.lengths(images)));
  }
}

/** Convolution of each channel by itself, and then of all channels at each place. */
class SeparableConvolution extends ConvolutionLayer {
  #depthwise!: LayerVariable;
  #pointwise!: LayerVariable;

  protected buildKernels(channels: number): number {
    const multiplier = this.config.count('depth_multiplier', 1);
    const filters = this.config.count('filters');
    const ones = this.spacing.size.map(() => 1);
    this.#depthwise = this.weightOf(
      'depthwise',
      'depthwise_kernel',
      this.kernelShape(channels, multiplier),
      'glorot_uniform',
    );
    this.#pointwise = this.weightOf(
      'pointwise',
      'pointwise_kernel',
      [...ones, channels * multiplier, filters],
      'glorot_uniform',
    );
    return filters;
  }

  protected convolve(images: Tensor4D): Tensor {
    const maps = convolveDepthwise(
      images,
      this.forImages(this.#depthwise),
      placementOf(this.spacing, this.lengths(images)),
    ) as Tensor4D;
    const pointwise = this.#pointwise.read();
    const [channels, filters] = pointwise.shape.slice(-2);
    return convolve(maps, tf.reshape(pointwise, [1, 1, channels, filters]), AT_EACH_PLACE);
  }
}

const AT_EACH_PLACE = {
  strides: [1, 1],
  dilations: [1, 1],
  padding: [
    [0, 0],
    [0, 0],
  ],
} as const;

type ConvolutionClass = new (className: string, config: Json, axes: 1 | 2) => ConvolutionLayer;

const CONVOLUTIONS: Readonly<Record<string, readonly [ConvolutionClass, 1 | 2]>> = {
  Conv1D: [Convolution, 1],
  Conv2D: [Convolution, 2],
  DepthwiseConv1D: [DepthwiseConvolution, 1],
  DepthwiseConv2D: [DepthwiseConvolution, 2],
  SeparableConv1D: [SeparableConvolution, 1],
  SeparableConv2D: [SeparableConvolution, 2],
  Conv1DTranspose: [TransposedConvolution, 1],
  Conv2DTranspose: [TransposedConvolution, 2],
};

/** Layers that put kernels on sequences and images. */
export const CONVOLUTION_LAYERS: LayerTable = Object.fromEntries(
  Object.entries(CONVOLUTIONS).map(([className, [Class, axes]]) => [
    className,
    (config: Json) => new Class(className, config, axes),
  ]),
);
