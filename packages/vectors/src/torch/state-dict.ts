import * as tf from '@tensorflow/tfjs-core';
import { HeedError } from '@heed/core';

/**
 * Parameters of PyTorch by their keys, or those under a prefix. It notes which were read, so that none is left out unseen.
 *
 * PyTorch's matrices are [out, in]; Heed multiplies from the right, with kernels [in, out].
 */
export class StateDict {
  readonly #tensors: Readonly<Record<string, tf.Tensor>>;
  readonly #prefix: string;
  readonly #read: Set<string>;

  constructor(tensors: Readonly<Record<string, tf.Tensor>>, prefix = '', read = new Set<string>()) {
    this.#tensors = tensors;
    this.#prefix = prefix;
    this.#read = read;
  }

  /** The parameters of a module inside this one: `under('self_attn')`. */
  under(module: string): StateDict {
    return new StateDict(this.#tensors, `${this.#prefix}${module}.`, this.#read);
  }

  has(key: string): boolean {
    return Object.hasOwn(this.#tensors, `${this.#prefix}${key}`);
  }

  /** @throws HeedError CHECKPOINT_INVALID when it is missing */
  get(key: string): tf.Tensor {
    return this.optional(key) ?? this.#missing(key);
  }

  optional(key: string): tf.Tensor | undefined {
    const full = `${this.#prefix}${key}`;
    if (!Object.hasOwn(this.#tensors, full)) return undefined;
    this.#read.add(full);
    return this.#tensors[full];
  }

  /** A matrix [out, in] as a kernel [in, out]. */
  kernel(key: string): tf.Tensor2D {
    return tf.transpose(this.get(key) as tf.Tensor2D);
  }

  /** A bias, of zeros where the module was made without. */
  bias(key: string, width: number): tf.Tensor {
    return this.optional(key) ?? tf.zeros([width]);
  }

  /** How many modules NAME.0, NAME.1, … there are. */
  count(name: string): number {
    const keys = Object.keys(this.#tensors);
    let n = 0;
    while (keys.some((key) => key.startsWith(`${this.#prefix}${name}.${n}.`))) n++;
    return n;
  }

  /** @throws HeedError CHECKPOINT_INVALID for parameters that nothing has read */
  checkAllRead(): void {
    const unread = Object.keys(this.#tensors).filter((key) => !this.#read.has(key));
    if (unread.length === 0) return;
    throw new HeedError('CHECKPOINT_INVALID', {
      message: `parameters [${unread.slice(0, 10).join(', ')}] belong to no part of the module`,
      details: { unread },
    });
  }

  #missing(key: string): never {
    throw new HeedError('CHECKPOINT_INVALID', {
      message: `parameter '${this.#prefix}${key}' is missing`,
      hint: `there are [${Object.keys(this.#tensors).slice(0, 10).join(', ')}]`,
    });
  }
}
