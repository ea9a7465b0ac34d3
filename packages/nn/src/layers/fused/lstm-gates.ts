import * as tf from '@tensorflow/tfjs-core';
import { MODEL_KERNELS } from '@heed/core';
import { fusedOp } from './fused-op.js';
import { gatesKernel } from './gates-kernel.js';
import { sigmoid } from './sigmoid.js';

/**
 * The part of an LSTM step after its matrix products, gates in the order input, forget, candidate, output:
 *
 *   i = σ(a₁), f = σ(a₂), g = tanh(a₃), o = σ(a₄) with a = Σ terms;  c' = f∘c + i∘g;  h' = o∘tanh(c')
 *
 * @param terms each [B, 4H]: input projection with bias, recurrent product, in a decoder also that of the context
 * @param state [h | c], [B, 2H]
 * @param active per row: 0 carries the state through, for a step past the row's end
 * @returns [h' | c'], [B, 2H]
 * @see Hochreiter & Schmidhuber 1997; Gers, Schmidhuber & Cummins 2000 for the forget gate
 */
export function lstmGates(terms: readonly tf.Tensor2D[], state: tf.Tensor2D, active?: Uint8Array): tf.Tensor2D {
  const [batch, width] = state.shape;
  const units = width / 2;
  return fusedOp([...terms, state], {
    shape: [batch, width],
    kernel: gatesKernel(MODEL_KERNELS.lstmGates, terms.length, 1, active),
    composed() {
      const [i, f, g, o] = tf.split(tf.addN([...terms]), 4, 1) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
      const [, c] = tf.split(state, 2, 1) as [tf.Tensor, tf.Tensor];
      const cell = tf.add(tf.mul(tf.sigmoid(f), c), tf.mul(tf.sigmoid(i), tf.tanh(g)));
      const next = tf.concat([tf.mul(tf.sigmoid(o), tf.tanh(cell)), cell], 1);
      return active === undefined ? next : tf.where(rows(active), next, state);
    },
    host(...values) {
      const previous = values.at(-1)!;
      const sums = values.slice(0, -1);
      const output = new Float32Array(batch * width);
      // Activations, kept for the gradient: i, f, g, o and tanh(c').
      const gates = new Float32Array(batch * units * 5);
      for (let b = 0; b < batch; b++) {
        const at = b * width;
        if (active?.[b] === 0) {
          output.set(previous.subarray(at, at + width), at);
          continue;
        }
        for (let u = 0; u < units; u++) {
          const from = b * 4 * units + u;
          let ai = 0;
          let af = 0;
          let ag = 0;
          let ao = 0;
          for (const sum of sums) {
            ai += sum[from];
            af += sum[from + units];
            ag += sum[from + 2 * units];
            ao += sum[from + 3 * units];
          }
          const i = sigmoid(ai);
          const f = sigmoid(af);
          const g = Math.tanh(ag);
          const o = sigmoid(ao);
          const cell = f * previous[at + units + u] + i * g;
          const squashed = Math.tanh(cell);
          output[at + u] = o * squashed;
          output[at + units + u] = cell;
          const saved = (b * units + u) * 5;
          gates[saved] = i;
          gates[saved + 1] = f;
          gates[saved + 2] = g;
          gates[saved + 3] = o;
          gates[saved + 4] = squashed;
        }
      }
      return {
        output,
        backward(dOutput) {
          const dSum = new Float32Array(batch * 4 * units);
          const dState = new Float32Array(batch * width);
          for (let b = 0; b < batch; b++) {
            const at = b * width;
            if (active?.[b] === 0) {
              dState.set(dOutput.subarray(at, at + width), at);
              continue;
            }
            for (let u = 0; u < units; u++) {
              const saved = (b * units + u) * 5;
              const i = gates[saved];
              const f = gates[saved + 1];
              const g = gates[saved + 2];
              const o = gates[saved + 3];
              const squashed = gates[saved + 4];
              const dh = dOutput[at + u];
              const dc = dOutput[at + units + u] + dh * o * (1 - squashed * squashed);
              const to = b * 4 * units + u;
              dSum[to] = dc * g * i * (1 - i);
              dSum[to + units] = dc * previous[at + units + u] * f * (1 - f);
              dSum[to + 2 * units] = dc * i * (1 - g * g);
              dSum[to + 3 * units] = dh * squashed * o * (1 - o);
              dState[at + units + u] = dc * f;
            }
          }
          return [...sums.map(() => dSum), dState];
        },
      };
    },
  });
}

function rows(active: Uint8Array): tf.Tensor2D {
  return tf.tensor2d(active, [active.length, 1], 'bool');
}
