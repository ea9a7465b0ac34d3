import * as tf from '@tensorflow/tfjs-core';
import { MODEL_KERNELS } from '@heed/core';
import { adamAttributes, adamStep, globalNorm, type AdamOptions, type AdamSlots, type Arrays } from './adam.js';
import { hasKernel, runKernel } from '../layers/fused/kernel.js';
import { assign, copy, valuesOf } from './model-values.js';
import type { Trainable } from './trainable.js';

/** Adam over a model's parameters, for the time of a run. */
export interface Optimizer {
  /** Looks at gradients, which are borrowed; nothing changes until `apply`. */
  measure(gradients: Readonly<Record<string, tf.Tensor>>): Promise<Measured>;
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

/** Where the engine has kernels for it, gradients and slots stay on the engine; else the step is made on the host. */
export function createOptimizer(model: Trainable, slots: AdamSlots): Optimizer {
  const { adam, squareSum } = MODEL_KERNELS;
  return hasKernel(adam) && hasKernel(squareSum) ? onEngine(model, slots) : onHost(model, slots);
}

function onHost(model: Trainable, slots: AdamSlots): Optimizer {
  const own = { mean: copy(slots.mean), square: copy(slots.square) };
  return {
    async measure(gradients) {
      const entries = Object.entries(gradients).map(
        async ([key, gradient]) => [key, await gradient.data<'float32'>()] as const,
      );
      const arrays = Object.fromEntries(await Promise.all(entries));
      return {
        norm: globalNorm(arrays),
        apply: (options) => assign(model, adamStep(valuesOf(model), arrays, own, options)),
      };
    },
    slots: () => ({ mean: copy(own.mean), square: copy(own.square) }),
    dispose() {},
  };
}

function onEngine(model: Trainable, slots: AdamSlots): Optimizer {
  const variables = Object.entries(model.parameters);
  const upload = (arrays: Arrays): Record<string, tf.Tensor> =>
    Object.fromEntries(variables.map(([key, { shape }]) => [key, tf.keep(tf.tensor(arrays[key], shape, 'float32'))]));
  const download = (tensors: Readonly<Record<string, tf.Tensor>>): Arrays =>
    copy(Object.fromEntries(variables.map(([key]) => [key, tensors[key].dataSync<'float32'>()])));
  const mean = upload(slots.mean);
  const square = upload(slots.square);
  return {
    async measure(gradients) {
      const [sum] = runKernel(MODEL_KERNELS.squareSum, Object.values(gradients)) as [tf.Tensor];
      const [squares] = await sum.data<'float32'>();
      sum.dispose();
      return {
        norm: Math.sqrt(squares!),
        apply(options) {
          const attributes = adamAttributes(options);
          for (const [key, variable] of variables) {
            const before = [mean[key], square[key]] as const;
            const [next, ...after] = runKernel(
              MODEL_KERNELS.adam,
              [variable, gradients[key], ...before],
              attributes,
            ) as [tf.Tensor, tf.Tensor, tf.Tensor];
            variable.assign(next);
            [mean[key], square[key]] = after;
            tf.dispose([next, ...before]);
          }
        },
      };
    },
    slots: () => ({ mean: download(mean), square: download(square) }),
    dispose: () => tf.dispose([mean, square]),
  };
}
