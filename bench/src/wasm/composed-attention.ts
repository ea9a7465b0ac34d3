import * as tf from '@tensorflow/tfjs-core';
import { layers, initializers, type LayerVariable, type Shape } from '@tensorflow/tfjs-layers';

interface ComposedAttentionArgs {
  readonly name?: string;
  readonly heads: number;
  readonly headWidth: number;
}

/**
 * Multi-head self-attention as a user of TensorFlow.js writes it, of its ops, with Keras's weights in Keras's order. The layer that tfjs-layers
 * has, and doesn't export, knows nothing of its own weights, so it can neither be trained nor be given those of another model.
 */
export class ComposedAttention extends layers.Layer {
  static readonly className = 'ComposedAttention';
  readonly #heads: number;
  readonly #headWidth: number;
  readonly #made: LayerVariable[] = [];

  constructor({ heads, headWidth, ...args }: ComposedAttentionArgs) {
    super(args);
    this.#heads = heads;
    this.#headWidth = headWidth;
  }

  override build(shape: Shape | Shape[]): void {
    const width = (shape as Shape).at(-1)!;
    const inner = [this.#heads, this.#headWidth];
    const add = (name: string, shape: number[]): void => {
      const initializer = name.endsWith('bias') ? initializers.zeros() : initializers.glorotUniform({ seed: 1 });
      this.#made.push(this.addWeight(name, shape, 'float32', initializer));
    };
    for (const name of ['query', 'key', 'value']) {
      add(`${name}_kernel`, [width, ...inner]);
      add(`${name}_bias`, inner);
    }
    add('output_kernel', [...inner, width]);
    add('output_bias', [width]);
    super.build(shape);
  }

  override computeOutputShape(shape: Shape | Shape[]): Shape | Shape[] {
    return shape;
  }

  override call(given: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = (Array.isArray(given) ? given[0] : given) as tf.Tensor3D;
      const [batch, time, width] = x.shape;
      const inner = this.#heads * this.#headWidth;
      const flat = tf.reshape(x, [batch * time, width]);
      const weight = (n: number): tf.Tensor => this.#made[n].read();
      const split = (n: number): tf.Tensor4D => {
        const product = tf.add(
          tf.matMul(flat, tf.reshape(weight(n), [width, inner]) as tf.Tensor2D),
          tf.reshape(weight(n + 1), [inner]),
        );
        return tf.transpose(tf.reshape(product, [batch, time, this.#heads, this.#headWidth]), [0, 2, 1, 3]);
      };
      const scores = tf.mul(tf.matMul(split(0), split(2), false, true), 1 / Math.sqrt(this.#headWidth));
      const context = tf.matMul(tf.softmax(scores), split(4));
      const merged = tf.reshape(tf.transpose(context, [0, 2, 1, 3]), [batch * time, inner]);
      const output = tf.add(tf.matMul(merged, tf.reshape(weight(6), [inner, width]) as tf.Tensor2D), weight(7));
      return tf.reshape(output, [batch, time, width]);
    });
  }
}
