import * as tf from '@tensorflow/tfjs-core';
import { additiveAttention, padding } from '@heed/core';
import { scoreVector, type AttentionMechanism } from '@heed/attention';
import { addBias, repeatedProduct, tidy } from '@heed/nn';
import type { Attention } from './attention.js';

/**
 * Additive attention that knows where it has looked: e_tj = vᵀ tanh(W₁ h_j + W₂ s_t + w_c c_tj + b), with the coverage
 * c_t = Σ_{t' < t} α_t'. What it adds to the energy depends on the step and on the position, so a step has keys of its own,
 * [B, S, U]: those of the memory and w_c c_t.
 *
 * @param mechanism additive: its parameters are W₁, W₂, v, b and g
 * @param kernel    w_c, [1, U]
 * @see See, Liu & Manning 2017, arXiv:1704.04368, eq. 10 and 11; Tu et al. 2016, arXiv:1601.04811
 */
export function coverageAttention(mechanism: AttentionMechanism, kernel: tf.Variable<tf.Rank.R2>): Attention {
  const { query_kernel, memory_kernel, vector, bias, gain } = mechanism.parameters;
  const units = kernel.shape[1];
  return {
    contextWidth: mechanism.contextWidth,
    prepare({ memory, lengths }) {
      const [batch, time, width] = memory.shape;
      const { keys, values } = tidy(() => ({
        keys: tf.matMul(tf.reshape(memory, [batch * time, width]), memory_kernel as tf.Tensor2D) as tf.Tensor2D,
        values: tf.clone(memory),
      }));
      const masked = lengths.some((length) => length < time);
      const projectQuery = repeatedProduct(query_kernel as tf.Variable<tf.Rank.R2>);
      const projectCoverage = repeatedProduct(kernel);
      return {
        attend: (queries, { coverage, ...wanted }) =>
          tidy(() => {
            const beams = queries.shape[1];
            const rows = batch * beams;
            const query = projectQuery(tf.reshape(queries, [rows, mechanism.queryWidth]));
            const covered = projectCoverage(tf.reshape(coverage!, [rows * time, 1]));
            const { context, weights, logSumExp } = additiveAttention(
              tf.reshape(bias ? addBias(query, bias as tf.Tensor1D) : query, [rows, 1, units]),
              tf.reshape(tf.add(repeated(keys, beams, batch), covered), [rows, time, units]),
              scoreVector(vector!, gain),
              tf.reshape(repeated(values, beams, batch), [rows, time, width]),
              {
                ...wanted,
                // Most batches are of one length, and engines are faster without a mask.
                mask: masked ? padding(repeatEach(lengths, beams)) : undefined,
              },
            );
            return {
              context: tf.reshape(context, [batch, beams, width]) as tf.Tensor3D,
              ...(weights && { weights: tf.reshape(weights, [batch, beams, time]) as tf.Tensor3D }),
              ...(logSumExp && { logSumExp: tf.reshape(logSumExp, [batch, beams]) as tf.Tensor2D }),
            };
          }),
        dispose: () => tf.dispose([keys, values]),
      };
    },
  };
}

/** Each source K times in a row: [B·…] → [B·K·…, W]. */
function repeated(x: tf.Tensor, beams: number, batch: number): tf.Tensor {
  if (beams === 1) return x;
  const width = x.shape.at(-1)!;
  const size = x.size / batch;
  return tf.reshape(tf.tile(tf.reshape(x, [batch, 1, size]), [1, beams, 1]), [(batch * beams * size) / width, width]);
}

const repeatEach = (lengths: Int32Array, times: number): Int32Array =>
  Int32Array.from({ length: lengths.length * times }, (_, n) => lengths[Math.floor(n / times)]);
