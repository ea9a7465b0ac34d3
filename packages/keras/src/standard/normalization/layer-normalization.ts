import { layerNorm } from '@heed/core/model-ops';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import type { LayerVariable, Shape } from '@tensorflow/tfjs-layers';
import type { Json } from '../../files/read-json.js';
import type { CallArguments, CallShapes } from '../../layers/keras-layer.js';
import { StandardLayer } from '../standard-layer.js';

/**
 * γ ∘ (x − μ) / √(σ² + ε) + β along some axes, the last one by default; γ and β have the shape of these axes. With `rms_scaling` it is γ ∘ x / √(σ² + ε),
 * which isn't the root mean square: Keras keeps this for old models.
 */
export class LayerNormalization extends StandardLayer {
  static readonly className = 'LayerNormalization';
  readonly #axes: readonly number[];
  readonly #epsilon: number;
  readonly #center: boolean;
  readonly #scale: boolean;
  readonly #byVariance: boolean;
  #gamma: LayerVariable | undefined;
  #beta: LayerVariable | undefined;

  constructor(config: Json) {
    super(LayerNormalization.className, config);
    this.supportsMasking = true;
    this.#axes = this.config.integers('axis', [-1]);
    this.#epsilon = this.config.number('epsilon', 1e-3);
    this.#byVariance = this.config.flag('rms_scaling', false);
    this.#center = this.config.flag('center', true) && !this.#byVariance;
    this.#scale = this.config.flag('scale', true) || this.#byVariance;
  }

  override buildFor({ inputs }: CallShapes): void {
    const shape = inputs as Shape;
    // Keras sorts axes as they were written, negative ones first, and gives the weights their lengths in that order.
    const lengths = this.#axes.toSorted((a, b) => a - b).map((axis) => shape.at(axis)!);
    if (this.#scale) this.#gamma = this.weightOf('gamma', 'gamma', lengths, 'ones');
    if (this.#center) this.#beta = this.weightOf('beta', 'beta', lengths, 'zeros');
  }

  override run(given: CallArguments): Tensor {
    const x = this.inputOf(given);
    const axes = sortedAxes(this.#axes, x.rank);
    const [gamma, beta] = [this.#gamma?.read(), this.#beta?.read()];
    if (axes.length === 1 && axes[0] === x.rank - 1 && !this.#byVariance) return this.#byRows(x, gamma, beta);
    const { mean, variance } = tf.moments(x, axes, true);
    const centred = this.#byVariance ? x : tf.sub(x, mean);
    const normal = tf.mul(centred, tf.rsqrt(tf.add(variance, this.#epsilon)));
    const scaled = gamma === undefined ? normal : tf.mul(normal, along(axes, gamma, x));
    return beta === undefined ? scaled : tf.add(scaled, along(axes, beta, x));
  }

  override outputShapes({ inputs }: CallArguments): Shape {
    return inputs as Shape;
  }

  #byRows(x: Tensor, gamma: Tensor | undefined, beta: Tensor | undefined): Tensor {
    const width = x.shape.at(-1)!;
    const rows = tf.reshape(x, [-1, width]) as Tensor2D;
    const normal = layerNorm(
      rows,
      (gamma ?? tf.ones([width])) as Tensor1D,
      (beta ?? tf.zeros([width])) as Tensor1D,
      this.#epsilon,
    );
    return tf.reshape(normal, x.shape);
  }
}

/** Axes counted from the first one, in order. */
export const sortedAxes = (axes: readonly number[], rank: number): number[] =>
  axes.map((axis) => (axis < 0 ? axis + rank : axis)).toSorted((a, b) => a - b);

/** A weight of some axes' shape, to be combined with x. */
export const along = (axes: readonly number[], weight: Tensor, x: Tensor): Tensor =>
  tf.reshape(
    weight,
    x.shape.map((length, axis) => (axes.includes(axis) ? length : 1)),
  );
