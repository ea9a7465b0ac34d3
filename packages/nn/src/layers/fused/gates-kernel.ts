import * as tf from '@tensorflow/tfjs-core';
import type { KernelForm } from './fused-op.js';
import { runKernel } from './kernel.js';

/**
 * A cell's kernel as core's `MODEL_KERNELS` describe it: inputs are terms, of which the sum counts, then what the kernel of
 * the gradient wants back.
 */
export function gatesKernel(name: string, terms: number, operands: number, active?: Uint8Array): KernelForm {
  const attributes = active === undefined ? {} : { active };
  const gradientName = `${name}Grad`;
  return {
    name,
    gradientName,
    attributes,
    saves: operands,
    backward(saved, dOutput) {
      const [dTerms, ...dOperands] = runKernel(gradientName, [...saved, dOutput], attributes) as [tf.Tensor];
      // One tensor for each: the tape disposes of a gradient once it has added another to it.
      return [dTerms, ...Array.from({ length: terms - 1 }, () => tf.clone(dTerms)), ...dOperands];
    },
  };
}
