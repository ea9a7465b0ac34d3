import type * as tf from '@tensorflow/tfjs-core';
import { HeedError, checkTensor } from '@heed/core';
import { Parameters } from './parameters.js';

/**
 * Parameters that are tensors of the caller's, in place of variables: layers then compute with them, and gradients flow through them into
 * whatever they are made of, such as weights of another library or small matrices that change large ones. They are borrowed.
 */
export class BoundParameters extends Parameters {
  readonly #tensors: Readonly<Record<string, tf.Tensor>>;
  readonly #used = new Set<string>();

  /** @param tensors float32, by the keys that the layers ask for */
  constructor(tensors: Readonly<Record<string, tf.Tensor>>) {
    super(0);
    this.#tensors = tensors;
  }

  /** @throws HeedError CHECKPOINT_INVALID when it is missing; SHAPE_MISMATCH, DTYPE_UNSUPPORTED, DISPOSED */
  override kernel(key: string, shape: readonly [number, number]): tf.Tensor2D {
    return this.#bound(key, shape) as tf.Tensor2D;
  }

  /** @throws HeedError as `kernel` */
  override bias(key: string, values: Float32Array): tf.Tensor1D {
    return this.#bound(key, [values.length]) as tf.Tensor1D;
  }

  override boundFor(prefix: string): tf.NamedTensorMap {
    const keys = Object.keys(this.#tensors).filter((key) => key.startsWith(`${prefix}/`));
    for (const key of keys) this.#used.add(key);
    return Object.fromEntries(keys.map((key) => [key.slice(prefix.length + 1), this.#tensors[key]]));
  }

  override checkAllUsed(): void {
    const unknown = Object.keys(this.#tensors).filter((key) => !this.#used.has(key));
    if (unknown.length === 0) return;
    throw new HeedError('CHECKPOINT_INVALID', {
      message: `parameters [${unknown.slice(0, 10).join(', ')}] belong to no part of the model`,
      details: { unknown },
    });
  }

  #bound(key: string, shape: readonly number[]): tf.Tensor {
    if (!Object.hasOwn(this.#tensors, key)) {
      throw new HeedError('CHECKPOINT_INVALID', {
        message: `parameter '${key}' [${shape}] is missing`,
        hint: `there are [${Object.keys(this.#tensors).slice(0, 10).join(', ')}]`,
        details: { key, shape },
      });
    }
    const tensor = this.#tensors[key];
    checkTensor(`parameter '${key}'`, tensor, { axes: shape });
    this.#used.add(key);
    return tensor;
  }
}
