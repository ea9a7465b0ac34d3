import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { layers, Shape } from '@tensorflow/tfjs-layers';
import { objectOf, type Json } from '../files/read-json.js';
import { KerasLayer, type CallArguments, type CallShapes } from '../layers/keras-layer.js';
import type { MakeInner } from './make-layer.js';
import { BatchNormalization } from './normalization/batch-normalization.js';
import { StandardLayer } from './standard-layer.js';

/**
 * A layer that is applied to each step of a sequence by itself: [B, T, …] → [B, T, …]. All steps are computed at once, as if each were an example,
 * but where a layer learns from the examples beside each other.
 */
export class TimeDistributed extends StandardLayer {
  static readonly className = 'TimeDistributed';
  override readonly argumentNames = ['inputs', 'training', 'mask'];
  readonly #layer: layers.Layer;

  constructor(config: Json, inner: MakeInner) {
    super(TimeDistributed.className, config);
    this.supportsMasking = true;
    this.#layer = this.track('layer', inner(objectOf('the layer of TimeDistributed', config['layer'])));
  }

  override buildFor({ inputs }: CallShapes): void {
    const [batch, , ...others] = inputs as Shape;
    this.buildSublayer(this.#layer, [batch, ...others]);
  }

  override run({ inputs, mask, training }: CallArguments): Tensor {
    const x = inputs as Tensor;
    const [batch, time, ...others] = x.shape;
    if (training === true && this.#layer instanceof BatchNormalization) {
      const steps = Array.from({ length: time }, (_, t) =>
        this.#apply(stepOf(x, t), mask && stepOf(mask as Tensor, t), true),
      );
      return tf.stack(steps, 1);
    }
    const flat = mask && tf.reshape(mask as Tensor, [batch * time, ...(mask as Tensor).shape.slice(2)]);
    const output = this.#apply(tf.reshape(x, [batch * time, ...others]), flat, training === true);
    return tf.reshape(output, [batch, time, ...output.shape.slice(1)]);
  }

  override outputShapes({ inputs }: CallArguments): Shape {
    const [batch, time, ...others] = inputs as Shape;
    const inner =
      this.#layer instanceof KerasLayer
        ? this.#layer.outputShapes({ [this.#layer.argumentNames[0]]: [batch, ...others] })
        : this.#layer.computeOutputShape([batch, ...others]);
    return [batch, time, ...(inner as Shape).slice(1)];
  }

  #apply(x: Tensor, mask: unknown, training: boolean): Tensor {
    if (!(this.#layer instanceof KerasLayer)) return this.#layer.apply(x, { training }) as Tensor;
    const { argumentNames } = this.#layer;
    const given = { training, ...(mask !== undefined && { mask }) };
    const taken = Object.entries(given).filter(([name]) => argumentNames.includes(name));
    return this.#layer.run({ [argumentNames[0]]: x, ...Object.fromEntries(taken) }) as Tensor;
  }
}

const stepOf = (x: Tensor, t: number): Tensor => tf.squeeze(tf.slice(x, [0, t], [-1, 1]), [1]);
