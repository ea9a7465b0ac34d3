import * as tf from '@tensorflow/tfjs-core';
import type { Parameters } from '@heed/nn';
import type { Attention, SourceMemory } from '../recurrent/attention.js';

/**
 * Attention whose context is scaled by a gate of the state, β = σ(s·w + b).
 *
 * @see Xu et al. 2015, arXiv:1502.03044, §4.2.1
 */
export function gated(attention: Attention, parameters: Parameters, queryWidth: number): Attention {
  const kernel = parameters.kernel('gate/kernel', [queryWidth, 1]);
  const bias = parameters.bias('gate/bias', new Float32Array(1));
  const over = (memory: SourceMemory): SourceMemory => ({
    ...memory,
    attend(queries, options) {
      const seen = memory.attend(queries, options);
      const [batch, count] = queries.shape;
      const logits = tf.matMul(tf.reshape(queries, [batch * count, queryWidth]), kernel);
      const gate = tf.sigmoid(tf.reshape(tf.add(logits, bias), [batch, count, 1]));
      return { ...seen, context: tf.mul(seen.context, gate) };
    },
  });
  return {
    ...attention,
    prepare: (encoded) => over(attention.prepare(encoded)),
    restore: (tensors) => over(attention.restore(tensors)),
  };
}
