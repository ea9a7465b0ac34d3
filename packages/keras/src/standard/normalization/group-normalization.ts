import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { LayerVariable, Shape } from '@tensorflow/tfjs-layers';
import type { Json } from '../../files/read-json.js';
import type { CallArguments, CallShapes } from '../../layers/keras-layer.js';
import { StandardLayer } from '../standard-layer.js';
import { along } from './layer-normalization.js';

/**
 * Normalises each group of channels of an example, then scales and shifts each channel. `groups` of −1 makes a group of each channel.
 *
 * @see Wu & He 2018, arXiv:1803.08494
 */
export class GroupNormalization extends StandardLayer {
  static readonly className = 'GroupNormalization';
  readonly #axis: number;
  readonly #groups: number;
  readonly #epsilon: number;
  #gamma: LayerVariable | undefined;
  #beta: LayerVariable | undefined;

  constructor(config: Json) {
    super(GroupNormalization.className, config);
    this.supportsMasking = true;
    [this.#axis] = this.config.integers('axis', [-1]);
    this.#groups = this.config.number('groups', 32);
    this.#epsilon = this.config.number('epsilon', 1e-3);
  }

  override buildFor({ inputs }: CallShapes): void {
    const channels = (inputs as Shape).at(this.#axis)!;
    if (this.#groups !== -1 && channels % this.#groups !== 0)
      this.config.refuse('groups', `a divisor of the ${channels} channels`);
    if (this.config.flag('scale', true)) this.#gamma = this.weightOf('gamma', 'gamma', [channels], 'ones');
    if (this.config.flag('center', true)) this.#beta = this.weightOf('beta', 'beta', [channels], 'zeros');
  }

  override run(given: CallArguments): Tensor {
    const x = this.inputOf(given);
    const axis = this.#axis < 0 ? this.#axis + x.rank : this.#axis;
    const channels = x.shape[axis];
    const groups = this.#groups === -1 ? channels : this.#groups;
    const grouped = tf.reshape(x, [...x.shape.slice(0, axis), groups, channels / groups, ...x.shape.slice(axis + 1)]);
    const within = grouped.shape.map((_, n) => n).filter((n) => n !== 0 && n !== axis);
    const { mean, variance } = tf.moments(grouped, within, true);
    const normal = tf.reshape(tf.mul(tf.sub(grouped, mean), tf.rsqrt(tf.add(variance, this.#epsilon))), x.shape);
    const scaled = this.#gamma === undefined ? normal : tf.mul(normal, along([axis], this.#gamma.read(), x));
    return this.#beta === undefined ? scaled : tf.add(scaled, along([axis], this.#beta.read(), x));
  }

  override outputShapes({ inputs }: CallArguments): Shape {
    return inputs as Shape;
  }
}
