import * as tf from '@tensorflow/tfjs-core';
import * as heed from '@heed/core';
import type { BiasValue, MaskValue, TensorValue } from './example.js';

/** Set of tensors that are disposed together. */
export class Allocation {
  readonly #tensors: tf.Tensor[] = [];

  get size(): number {
    return this.#tensors.length;
  }

  keep<T extends tf.Tensor>(tensor: T): T {
    this.#tensors.push(tensor);
    return tensor;
  }

  tensor({ shape, values }: TensorValue): tf.Tensor {
    return this.keep(tf.tensor(Float32Array.from(values), [...shape], 'float32'));
  }

  dispose(): void {
    tf.dispose(this.#tensors);
  }
}

/** Public mask that a value describes. */
export function toMask(mask: MaskValue, allocation: Allocation): heed.Mask {
  switch (mask.kind) {
    case 'causal':
      return heed.causal(alignmentOf(mask));
    case 'slidingWindow':
      return heed.slidingWindow({ left: mask.left, right: mask.right, ...alignmentOf(mask) });
    case 'padding':
      return heed.padding(mask.lengths);
    case 'segments':
      return mask.key === undefined ? heed.segments(mask.query) : heed.segments(mask.query, mask.key);
    case 'both':
      return heed.both(...mask.masks.map((part) => toMask(part, allocation)));
    case 'dense':
      return heed.dense(allocation.keep(tf.tensor(mask.values, [...mask.shape], 'bool')), axesOf(mask));
  }
}

/** Public bias that a value describes; `tensorOf` makes its tensors, whose gradients the caller may need. */
export function toBias(
  bias: BiasValue,
  tensorOf: (value: TensorValue, name: 'bias' | 'table') => tf.Tensor,
): heed.Bias {
  switch (bias.kind) {
    case 'dense':
      return heed.dense(tensorOf(bias, 'bias'), axesOf(bias));
    case 'alibi':
      return heed.alibi({ ...(bias.slopes && { slopes: bias.slopes }), ...alignmentOf(bias) });
    case 'relativePosition': {
      const shape = [bias.rows, 2 * bias.reach + 1];
      return heed.relativePosition(tensorOf({ shape, values: bias.values }, 'table'), alignmentOf(bias));
    }
    case 'sum':
      return heed.sumOf(...bias.biases.map((term) => toBias(term, tensorOf)));
  }
}

const axesOf = ({ axes }: heed.DenseOptions): heed.DenseOptions => (axes === undefined ? {} : { axes });

function alignmentOf({ align, offset }: heed.Alignment): heed.Alignment {
  return { ...(align !== undefined && { align }), ...(offset !== undefined && { offset }) };
}
