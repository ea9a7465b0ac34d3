import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { LayerVariable, Shape } from '@tensorflow/tfjs-layers';
import type { Json } from '../../files/read-json.js';
import type { CallArguments, CallShapes } from '../../layers/keras-layer.js';
import { StandardLayer } from '../standard-layer.js';
import { along } from './layer-normalization.js';

const SMALLEST = 1e-7;

/**
 * γ ∘ (x − μ) / √(σ² + ε) + β, with the mean and variance of each channel: those of the batch while training, which also move the moving ones, else the moving
 * ones. A mask leaves its steps out of the mean and variance.
 *
 * Keras takes the biased variance for the moving one too; TensorFlow.js's own layer takes the unbiased one.
 */
export class BatchNormalization extends StandardLayer {
  static readonly className = 'BatchNormalization';
  override readonly argumentNames = ['inputs', 'training', 'mask'];
  readonly #axis: number;
  readonly #epsilon: number;
  readonly #momentum: number;
  #gamma: LayerVariable | undefined;
  #beta: LayerVariable | undefined;
  #mean!: LayerVariable;
  #variance!: LayerVariable;

  constructor(config: Json) {
    super(BatchNormalization.className, config);
    this.supportsMasking = true;
    [this.#axis] = this.config.integers('axis', [-1]);
    this.#epsilon = this.config.number('epsilon', 1e-3);
    this.#momentum = this.config.number('momentum', 0.99);
    if (this.config.flag('renorm', false))
      this.config.refuse('renorm', 'false: renormalised batches are not supported');
  }

  override buildFor({ inputs }: CallShapes): void {
    const shape = [(inputs as Shape).at(this.#axis)!];
    if (this.config.flag('scale', true)) this.#gamma = this.weightOf('gamma', 'gamma', shape, 'ones');
    if (this.config.flag('center', true)) this.#beta = this.weightOf('beta', 'beta', shape, 'zeros');
    this.#mean = this.#statistic('moving_mean', shape, 'zeros');
    this.#variance = this.#statistic('moving_variance', shape, 'ones');
  }

  override run({ inputs, training, mask }: CallArguments): Tensor {
    const x = inputs as Tensor;
    const axis = this.#axis < 0 ? this.#axis + x.rank : this.#axis;
    const learns = training === true && this.trainable;
    const { mean, variance } = learns
      ? momentsOf(x, axis, mask as Tensor | undefined)
      : { mean: this.#mean.read(), variance: this.#variance.read() };
    if (learns) {
      this.#move(this.#mean, mean);
      this.#move(this.#variance, variance);
    }
    const inverse = tf.rsqrt(tf.add(variance, this.#epsilon));
    const factor = this.#gamma === undefined ? inverse : tf.mul(inverse, this.#gamma.read());
    const normal = tf.mul(tf.sub(x, along([axis], mean, x)), along([axis], factor, x));
    return this.#beta === undefined ? normal : tf.add(normal, along([axis], this.#beta.read(), x));
  }

  override outputShapes({ inputs }: CallArguments): Shape {
    return inputs as Shape;
  }

  #statistic(name: string, shape: number[], initializer: string): LayerVariable {
    return this.addWeight(name, shape, 'float32', this.config.weight(name, initializer).initializer, undefined, false);
  }

  #move(moving: LayerVariable, seen: Tensor): void {
    tf.tidy(() => void moving.write(tf.add(tf.mul(moving.read(), this.#momentum), tf.mul(seen, 1 - this.#momentum))));
  }
}

/** Mean and biased variance of each channel, [C]; of the steps that a mask [B, T] attends to. */
function momentsOf(
  x: Tensor,
  axis: number,
  mask: Tensor | undefined,
): { readonly mean: Tensor; readonly variance: Tensor } {
  const others = x.shape.map((_, n) => n).filter((n) => n !== axis);
  if (mask === undefined) return tf.moments(x, others);
  const attended = tf.broadcastTo(tf.expandDims(mask, -1), x.shape);
  const count = tf.add(tf.sum(tf.cast(attended, 'float32'), others, true), SMALLEST);
  const only = (value: Tensor): Tensor => tf.where(attended, value, tf.zerosLike(value));
  const mean = tf.div(tf.sum(only(x), others, true), count);
  const variance = tf.div(tf.sum(tf.square(only(tf.sub(x, mean))), others, true), count);
  return { mean: tf.reshape(mean, [-1]), variance: tf.reshape(variance, [-1]) };
}
