import * as tf from '@tensorflow/tfjs-core';
import { adam, squareSum } from '@heed/core/model-ops';
import { adamAttributes, type AdamOptions, type AdamSlots, type Arrays } from './adam.js';
import { bringToHost, copy } from './model-values.js';
import type { Trainable } from './trainable.js';

/** Adam over a model's parameters, for the time of a run. */
export interface Optimizer {
  /** Looks at gradients, which are borrowed; nothing changes until `apply`. */
  measure(gradients: Readonly<Record<string, tf.Tensor>>): Promise<Measured>;
  /** Waits until `slots` can be read. */
  bringToHost(): Promise<void>;
  /** Copies. */
  slots(): AdamSlots;
  dispose(): void;
}

interface Measured {
  /** Euclidean, over all gradients. */
  readonly norm: number;
  /** Updates the parameters. To be called before the gradients are disposed. */
  apply(options: AdamOptions): void;
}

/** An optimizer whose gradients and slots stay on the engine. */
export function createOptimizer(model: Trainable, slots: AdamSlots): Optimizer {
  const variables = Object.entries(model.parameters);
  const upload = (arrays: Arrays): Record<string, tf.Tensor> =>
    Object.fromEntries(
      // A copy: an engine may keep the array that a tensor is made of.
      variables.map(([key, { shape }]) => [key, tf.keep(tf.tensor(arrays[key].slice(), shape, 'float32'))]),
    );
  const download = (tensors: Readonly<Record<string, tf.Tensor>>): Arrays =>
    copy(Object.fromEntries(variables.map(([key]) => [key, tensors[key].dataSync<'float32'>()])));
  const mean = upload(slots.mean);
  const square = upload(slots.square);
  return {
    async measure(gradients) {
      const sum = squareSum(Object.values(gradients));
      const [squares] = await sum.data<'float32'>();
      sum.dispose();
      return {
        norm: Math.sqrt(squares!),
        apply(options) {
          const attributes = adamAttributes(options);
          for (const [key, variable] of variables) {
            const before = { mean: mean[key], square: square[key] };
            const next = adam({ value: variable, gradient: gradients[key], ...before }, attributes);
            variable.assign(next.nextValue);
            [mean[key], square[key]] = [next.nextMean, next.nextSquare];
            tf.dispose([next.nextValue, before.mean, before.square]);
          }
        },
      };
    },
    bringToHost: () => bringToHost([...Object.values(mean), ...Object.values(square)]),
    slots: () => ({ mean: download(mean), square: download(square) }),
    dispose: () => tf.dispose([mean, square]),
  };
}
