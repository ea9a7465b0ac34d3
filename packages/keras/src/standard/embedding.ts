import { lookup } from '@heed/core/model-ops';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import type { LayerVariable, Shape } from '@tensorflow/tfjs-layers';
import type { Json } from '../files/read-json.js';
import type { CallArguments } from '../layers/keras-layer.js';
import { StandardLayer } from './standard-layer.js';

/**
 * Rows of a table by their numbers: ids [B, …] → [B, …, output_dim]. With `mask_zero` the output carries a mask that leaves out what was 0.
 *
 * A number that isn't a row's is refused; on the tensorflow backend of Keras it ends the program or gives zeros, as the device would have it.
 * TensorFlow.js's own layer can't train on wasm, where its gradient has no kernel.
 */
export class Embedding extends StandardLayer {
  static readonly className = 'Embedding';
  readonly #rows: number;
  readonly #width: number;
  readonly #maskZero: boolean;
  #table!: LayerVariable;

  constructor(config: Json) {
    super(Embedding.className, config);
    this.#rows = this.config.count('input_dim');
    this.#width = this.config.count('output_dim');
    this.#maskZero = this.config.flag('mask_zero', false);
    this.supportsMasking = this.#maskZero;
    (this as { makesMask: boolean }).makesMask = this.#maskZero;
  }

  override buildFor(): void {
    this.#table = this.weightOf('embeddings', 'embeddings', [this.#rows, this.#width], 'random_uniform');
  }

  override run(given: CallArguments): Tensor {
    const ids = this.inputOf(given);
    const numbers = Int32Array.from(ids.dataSync());
    return tf.reshape(lookup(this.#table.read() as Tensor2D, numbers), [...ids.shape, this.#width]);
  }

  override outputShapes({ inputs }: CallArguments): Shape {
    return [...(inputs as Shape), this.#width];
  }

  override computeMask(ids: Tensor | Tensor[]): Tensor | Tensor[] {
    return (this.#maskZero ? tf.notEqual(ids as Tensor, 0) : null) as Tensor;
  }
}
