import * as tf from '@tensorflow/tfjs-core';
import { MODEL_KERNELS } from '@heed/core';
import { fusedOp } from './fused-op.js';
import { gatesKernel } from './gates-kernel.js';
import { sigmoid } from './sigmoid.js';

/**
 * First half of a GRU step: what of the state the candidate sees, and the update gate.
 *
 * @param terms each [B, 2H], r before z: input projection with bias, recurrent product, in a decoder that of the context
 * @param state h, [B, H]
 * @returns [r∘h | z], [B, 2H], with r = σ(a₁), z = σ(a₂), a = Σ terms
 */
export function gruReset(terms: readonly tf.Tensor2D[], state: tf.Tensor2D): tf.Tensor2D {
  const [batch, units] = state.shape;
  return fusedOp([...terms, state], {
    shape: [batch, 2 * units],
    kernel: gatesKernel(MODEL_KERNELS.gruReset, terms.length, 1),
    composed() {
      const [r, z] = tf.split(tf.sigmoid(tf.addN([...terms])), 2, 1) as [tf.Tensor2D, tf.Tensor2D];
      return tf.concat([tf.mul(r, state), z], 1);
    },
    host(...values) {
      const previous = values.at(-1)!;
      const sums = values.slice(0, -1);
      const output = new Float32Array(batch * 2 * units);
      const reset = new Float32Array(batch * units);
      for (let b = 0; b < batch; b++) {
        for (let u = 0; u < units; u++) {
          const at = b * 2 * units + u;
          let ar = 0;
          let az = 0;
          for (const sum of sums) {
            ar += sum[at];
            az += sum[at + units];
          }
          const r = sigmoid(ar);
          output[at] = r * previous[b * units + u];
          output[at + units] = sigmoid(az);
          reset[b * units + u] = r;
        }
      }
      return {
        output,
        backward(dOutput) {
          const dSum = new Float32Array(batch * 2 * units);
          const dState = new Float32Array(batch * units);
          for (let b = 0; b < batch; b++) {
            for (let u = 0; u < units; u++) {
              const at = b * 2 * units + u;
              const n = b * units + u;
              const r = reset[n];
              const z = output[at + units];
              dSum[at] = dOutput[at] * previous[n] * r * (1 - r);
              dSum[at + units] = dOutput[at + units] * z * (1 - z);
              dState[n] = dOutput[at] * r;
            }
          }
          return [...sums.map(() => dSum), dState];
        },
      };
    },
  });
}

/**
 * Second half of a GRU step: h' = (1 − z)∘h + z∘tanh(Σ terms).
 *
 * @param terms each [B, H]: input projection with bias, product of r∘h, in a decoder that of the context
 * @param gates [r∘h | z] of `gruReset`, [B, 2H]; only z is read
 * @param active per row: 0 carries the state through, for a step past the row's end
 * @see Cho et al. 2014, arXiv:1406.1078, §2.3, with z's sense as in Bahdanau et al. 2014, A.1.1
 */
export function gruUpdate(
  terms: readonly tf.Tensor2D[],
  gates: tf.Tensor2D,
  state: tf.Tensor2D,
  active?: Uint8Array,
): tf.Tensor2D {
  const [batch, units] = state.shape;
  return fusedOp([...terms, gates, state], {
    shape: [batch, units],
    kernel: gatesKernel(MODEL_KERNELS.gruUpdate, terms.length, 2, active),
    composed() {
      const z = tf.slice(gates, [0, units], [batch, units]);
      const next = tf.add(state, tf.mul(z, tf.sub(tf.tanh(tf.addN([...terms])), state)));
      return active === undefined ? next : tf.where(tf.tensor2d(active, [batch, 1], 'bool'), next, state);
    },
    host(...values) {
      const previous = values.at(-1)!;
      const update = values.at(-2)!;
      const sums = values.slice(0, -2);
      const output = new Float32Array(batch * units);
      const candidate = new Float32Array(batch * units);
      for (let b = 0; b < batch; b++) {
        if (active?.[b] === 0) {
          output.set(previous.subarray(b * units, (b + 1) * units), b * units);
          continue;
        }
        for (let u = 0; u < units; u++) {
          const n = b * units + u;
          let a = 0;
          for (const sum of sums) a += sum[n];
          const proposed = Math.tanh(a);
          candidate[n] = proposed;
          output[n] = previous[n] + update[b * 2 * units + units + u] * (proposed - previous[n]);
        }
      }
      return {
        output,
        backward(dOutput) {
          const dSum = new Float32Array(batch * units);
          const dGates = new Float32Array(batch * 2 * units);
          const dState = new Float32Array(batch * units);
          for (let b = 0; b < batch; b++) {
            if (active?.[b] === 0) {
              dState.set(dOutput.subarray(b * units, (b + 1) * units), b * units);
              continue;
            }
            for (let u = 0; u < units; u++) {
              const n = b * units + u;
              const z = update[b * 2 * units + units + u];
              const proposed = candidate[n];
              dSum[n] = dOutput[n] * z * (1 - proposed * proposed);
              dGates[b * 2 * units + units + u] = dOutput[n] * (proposed - previous[n]);
              dState[n] = dOutput[n] * (1 - z);
            }
          }
          return [...sums.map(() => dSum), dGates, dState];
        },
      };
    },
  });
}
