import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import type { LayerVariable, Shape } from '@tensorflow/tfjs-layers';
import type { Json } from '../files/read-json.js';
import type { CallArguments, CallShapes } from '../layers/keras-layer.js';
import type { Activation } from './activations.js';
import { StandardLayer } from './standard-layer.js';

/** activation(x W + b) along the last axis: x [B, …, D], kernel W [D, units], bias b [units] → [B, …, units]. */
export class Dense extends StandardLayer {
  static readonly className = 'Dense';
  readonly #units: number;
  readonly #useBias: boolean;
  readonly #activation: Activation;
  #kernel!: LayerVariable;
  #bias: LayerVariable | undefined;

  constructor(config: Json) {
    super(Dense.className, config);
    this.supportsMasking = true;
    this.#units = this.config.count('units');
    this.#useBias = this.config.flag('use_bias', true);
    this.#activation = this.config.activation();
  }

  override buildFor({ inputs }: CallShapes): void {
    this.#kernel = this.weightOf('kernel', 'kernel', [(inputs as Shape).at(-1)!, this.#units], 'glorot_uniform');
    if (this.#useBias) this.#bias = this.weightOf('bias', 'bias', [this.#units], 'zeros');
  }

  override run(given: CallArguments): Tensor {
    const x = this.inputOf(given);
    const rows = tf.reshape(x, [-1, x.shape.at(-1)!]) as Tensor2D;
    const product = tf.matMul(rows, this.#kernel.read() as Tensor2D);
    const sum = this.#bias === undefined ? product : tf.add(product, this.#bias.read());
    return this.#activation(tf.reshape(sum, [...x.shape.slice(0, -1), this.#units]));
  }
}
