import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Json } from '../files/read-json.js';
import type { CallArguments } from '../layers/keras-layer.js';
import { StandardLayer } from './standard-layer.js';
import { untaped } from './untaped.js';

/** Leaves out the steps of which all numbers are `mask_value`: they become 0, and the output carries a mask [B, T]. */
export class Masking extends StandardLayer {
  static readonly className = 'Masking';
  override readonly makesMask = true;
  readonly #value: number;

  constructor(config: Json) {
    super(Masking.className, config);
    this.supportsMasking = true;
    this.#value = this.config.number('mask_value', 0);
  }

  override run(given: CallArguments): Tensor {
    const x = this.inputOf(given);
    const attended = untaped(x, (value) => tf.broadcastTo(tf.expandDims(this.#maskOf(value), -1), value.shape));
    return tf.where(attended, x, tf.zerosLike(x));
  }

  override computeMask(inputs: Tensor | Tensor[]): Tensor {
    return untaped(inputs as Tensor, (x) => this.#maskOf(x));
  }

  #maskOf(x: Tensor): Tensor {
    return tf.any(tf.notEqual(x, this.#value), -1);
  }
}
