import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { LayerVariable, Shape } from '@tensorflow/tfjs-layers';
import type { Json } from '../../files/read-json.js';
import type { CallArguments, CallShapes } from '../../layers/keras-layer.js';
import { StandardLayer } from '../standard-layer.js';

const SMALLEST = 1e-7;

/**
 * (x − μ) / max(σ, 10⁻⁷), or back, with the mean and variance that were found from data before training (`adapt`), or that the configuration says.
 * They belong to places on some axes, the last one by default, or are one for all numbers.
 */
export class Normalization extends StandardLayer {
  static readonly className = 'Normalization';
  readonly #given: { readonly mean: readonly number[]; readonly variance: readonly number[] } | undefined;
  #mean: LayerVariable | undefined;
  #variance: LayerVariable | undefined;

  constructor(config: Json) {
    super(Normalization.className, config);
    if (!this.config.has('mean')) return;
    this.#given = { mean: this.#numbers('mean'), variance: this.#numbers('variance') };
  }

  override buildFor({ inputs }: CallShapes): void {
    if (this.#given !== undefined) return;
    const shape = inputs as Shape;
    const lengths = this.#axes(shape.length).map((axis) => shape[axis]!);
    this.#mean = this.#statistic('mean', lengths, 'zeros');
    this.#variance = this.#statistic('variance', lengths, 'ones');
    this.#statistic('count', [], 'zeros');
  }

  override run({ inputs }: CallArguments): Tensor {
    const x = inputs as Tensor;
    const [mean, variance] = this.#statistics().map((one) => this.#along(x, one)) as [Tensor, Tensor];
    const deviation = tf.maximum(tf.sqrt(variance), SMALLEST);
    return this.config.flag('invert', false) ? tf.add(mean, tf.mul(x, deviation)) : tf.div(tf.sub(x, mean), deviation);
  }

  override outputShapes({ inputs }: CallArguments): Shape {
    return inputs as Shape;
  }

  #axes(rank: number): readonly number[] {
    if (this.config.values['axis'] === null) return [];
    return this.config.integers('axis', [-1]).map((axis) => (axis < 0 ? axis + rank : axis));
  }

  #statistics(): readonly [mean: Tensor, variance: Tensor] {
    if (this.#given === undefined) return [this.#mean!.read(), this.#variance!.read()];
    return [tf.tensor1d([...this.#given.mean]), tf.tensor1d([...this.#given.variance])];
  }

  #along(x: Tensor, statistic: Tensor): Tensor {
    const axes = new Set(this.#axes(x.rank));
    if (statistic.size === 1) return tf.reshape(statistic, []);
    return tf.reshape(
      statistic,
      x.shape.map((length, axis) => (axes.has(axis) ? length : 1)),
    );
  }

  #numbers(key: 'mean' | 'variance'): readonly number[] {
    const list = [this.config.values[key]].flat(Infinity) as number[];
    return list.every(Number.isFinite) ? list : this.config.refuse(key, 'numbers');
  }

  #statistic(name: string, shape: number[], initializer: string): LayerVariable {
    return this.addWeight(name, shape, 'float32', this.config.weight(name, initializer).initializer, undefined, false);
  }
}
