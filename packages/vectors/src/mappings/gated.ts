import * as tf from '@tensorflow/tfjs-core';
import type { Mapping } from '../mapping.js';
import { MASKS, checkKnown, mapHeads, merged, wordIn } from './heads.js';

/** Contexts that a gate of the layer's input lets through. */
export const mapGated: Mapping = (test) => {
  checkKnown(test, [...MASKS, 'kind']);
  const mapped = mapHeads(test, {
    options: { gate: wordIn(test, 'kind', ['elementwise', 'headwise']) },
    parameters: ({ gateKernel }, place) => ({ gate_kernel: place(gateKernel!) }),
  });
  return {
    ...mapped,
    run(inputs, parameters, first) {
      const outputs = mapped.run(inputs, parameters, first);
      const context = merged(outputs['context'] as tf.Tensor4D);
      const kernel = parameters['outputKernel']!;
      const flat = tf.matMul(tf.reshape(context, [-1, context.shape[2]]), kernel as tf.Tensor2D);
      return { ...outputs, output: tf.reshape(flat, [context.shape[0], context.shape[1], kernel.shape[1]!]) };
    },
  };
};
