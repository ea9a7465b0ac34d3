import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { LayerVariable, Shape } from '@tensorflow/tfjs-layers';
import type { Json } from '../../files/read-json.js';
import type { CallArguments, CallShapes } from '../../layers/keras-layer.js';
import { StandardLayer } from '../standard-layer.js';
import { along, sortedAxes } from './layer-normalization.js';

/**
 * scale ∘ x / √(mean of x² + ε) along some axes, the last one by default.
 *
 * @see Zhang & Sennrich 2019, arXiv:1910.07467
 */
export class RMSNormalization extends StandardLayer {
  static readonly className = 'RMSNormalization';
  readonly #axes: readonly number[];
  readonly #epsilon: number;
  #scale!: LayerVariable;

  constructor(config: Json) {
    super(RMSNormalization.className, config);
    this.#axes = this.config.integers('axis', [-1]);
    this.#epsilon = this.config.number('epsilon', 1e-6);
  }

  override buildFor({ inputs }: CallShapes): void {
    const shape = inputs as Shape;
    const lengths = this.#axes.map((axis) => shape.at(axis)!);
    this.#scale = this.weightOf('scale', 'scale', lengths, 'ones');
  }

  override run(given: CallArguments): Tensor {
    const x = this.inputOf(given);
    const axes = sortedAxes(this.#axes, x.rank);
    const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(x), axes, true), this.#epsilon));
    return tf.mul(tf.mul(x, inverse), along(axes, this.#scale.read(), x));
  }

  override outputShapes({ inputs }: CallArguments): Shape {
    return inputs as Shape;
  }
}
