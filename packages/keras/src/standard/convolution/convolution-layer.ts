import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import type { LayerVariable, Shape } from '@tensorflow/tfjs-layers';
import type { Json } from '../../files/read-json.js';
import type { CallArguments, CallShapes } from '../../layers/keras-layer.js';
import type { Activation } from '../activations.js';
import { asImages } from '../as-images.js';
import { StandardLayer } from '../standard-layer.js';
import { asPair, spacingOf, type Spacing } from './placement.js';

/** What the layers that put kernels on sequences or images share: bias, activation, and where the channels are. */
export abstract class ConvolutionLayer extends StandardLayer {
  protected readonly axes: 1 | 2;
  protected readonly spacing: Spacing;
  readonly #activation: Activation;
  readonly #useBias: boolean;
  #bias: LayerVariable | undefined;

  constructor(className: string, config: Json, axes: 1 | 2) {
    super(className, config);
    this.axes = axes;
    this.spacing = spacingOf(this.config, axes);
    this.#activation = this.config.activation();
    this.#useBias = this.config.flag('use_bias', true);
  }

  /** Makes the kernels for a number of channels, and returns how many maps there are. */
  protected abstract buildKernels(channels: number): number;

  /** Maps [B, H', W', F] of images [B, H, W, C]. */
  protected abstract convolve(images: Tensor4D): Tensor;

  override buildFor({ inputs }: CallShapes): void {
    const maps = this.buildKernels((inputs as Shape).at(this.#isFirst ? 1 : -1)!);
    if (this.#useBias) this.#bias = this.weightOf('bias', 'bias', [maps], 'zeros');
  }

  override run(given: CallArguments): Tensor {
    return asImages(this.inputOf(given), this.config, (images) => {
      const maps = this.convolve(images);
      return this.#activation(this.#bias === undefined ? maps : tf.add(maps, this.#bias.read()));
    });
  }

  /** Shape of a kernel as Keras keeps it, for one axis of space or two. */
  protected kernelShape(...channels: readonly number[]): number[] {
    return [...this.spacing.size, ...channels];
  }

  /** A kernel as one for images. */
  protected forImages(kernel: LayerVariable): Tensor4D {
    const value = kernel.read();
    const [height, width] = asPair(this.spacing.size, 1);
    return tf.reshape(value, [height, width, ...value.shape.slice(-2)] as [number, number, number, number]);
  }

  /** Lengths of the axes of space. */
  protected lengths(images: Tensor4D): number[] {
    return images.shape.slice(3 - this.axes, 3);
  }

  get #isFirst(): boolean {
    return this.config.has('data_format') && this.config.channelsFirst;
  }
}
