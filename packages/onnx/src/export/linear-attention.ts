import type { LinearAttentionRequest } from '@heed/core';
import { scan } from '@heed/core/model-ops';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** What is remembered between steps, in rows M of batch and key heads. */
type LinearTensors = Readonly<Record<string, Tensor>>;

/**
 * `linearAttention` as a loop over steps, which is one node however many there are:
 *
 *   S_t = diag(a_t) S_{t−1} + k_t u_tᵀ, context_t = S_tᵀ q_t, u_t = v_t, or by the delta rule β_t (v_t − (diag(a_t) S_{t−1})ᵀ k_t).
 *
 * Where contexts are normalised, a 1 beside each value makes the normaliser a column of the state.
 *
 * @see Yang et al. 2024, arXiv:2412.06464, eq. 10
 */
export function linearSteps(inputs: LinearTensors, request: LinearAttentionRequest): Record<string, Tensor> {
  const { batch, heads, keyHeads, keys, width, valueWidth, normalize, returnState } = request;
  const rows = batch * keyHeads;
  const groups = heads / keyHeads;
  const { query, key, value, logDecay, beta } = inputs;
  /** [B, Hk, T, X] → [T, M, 1, X] */
  const steps = (x: Tensor): Tensor => {
    const last = x.shape[3]!;
    const whole = tf.broadcastTo(x, [batch, keyHeads, keys, last]);
    return tf.reshape(tf.transpose(whole, [2, 0, 1, 3]), [keys, rows, 1, last]);
  };
  const grouped = tf.reshape(tf.mul(query, request.scale), [rows, groups, keys, width]);
  const beside = normalize ? tf.concat([value, tf.onesLike(tf.slice(value, [0, 0, 0, 0], [-1, -1, -1, 1]))], 3) : value;
  const read = [
    tf.transpose(grouped, [2, 0, 1, 3]), // [T, M, G, D]
    steps(key),
    steps(beside),
    ...(logDecay ? [steps(tf.exp(logDecay))] : []),
    ...(beta ? [steps(tf.expandDims(beta, 3))] : []),
  ];
  const { state, outputs } = scan(
    ([before], [q, k, v, ...more]) => {
      const rates = logDecay ? more[0] : undefined;
      const strength = beta ? more.at(-1) : undefined;
      const left = rates === undefined ? before : tf.mul(before, tf.transpose(rates, [0, 2, 1]));
      const written = strength === undefined ? v : tf.mul(strength, tf.sub(v, tf.matMul(k, left)));
      const next = tf.add(left, tf.matMul(k, written, true));
      return { state: [next], outputs: [tf.matMul(q, next)] };
    },
    { state: [startOf(inputs, request)], steps: read },
  );
  const contexts = tf.transpose(outputs[0], [1, 2, 0, 3]); // [M, G, T, Dv (+ 1)]
  const divided = normalize ? overNormalizer(contexts, valueWidth) : contexts;
  const context = tf.reshape(divided, [batch, heads, keys, valueWidth]);
  if (!returnState) return { context };
  const [main, normalizer] = normalize ? tf.split(state[0], [valueWidth, 1], 2) : [state[0]];
  return {
    context,
    state: tf.reshape(main, [batch, keyHeads, width, valueWidth]),
    ...(normalizer && { normalizer: tf.reshape(normalizer, [batch, keyHeads, width]) }),
  };
}

/** The state before the first step, [M, D, Dv (+ 1)]. */
function startOf({ initialState, initialNormalizer }: LinearTensors, request: LinearAttentionRequest): Tensor {
  const { batch, keyHeads, width, valueWidth, normalize } = request;
  const rows = batch * keyHeads;
  if (initialState === undefined) return tf.zeros([rows, width, valueWidth + Number(normalize)]);
  const main = tf.reshape(initialState, [rows, width, valueWidth]);
  if (!normalize) return main;
  return tf.concat([main, tf.reshape(initialNormalizer, [rows, width, 1])], 2);
}

/** Contexts over their normalisers; 0 where that is 0. */
function overNormalizer(contexts: Tensor, valueWidth: number): Tensor {
  const [numerator, denominator] = tf.split(contexts, [valueWidth, 1], -1);
  const isNone = tf.equal(denominator, 0);
  const quotient = tf.div(numerator, tf.where(isNone, tf.onesLike(denominator), denominator));
  return tf.mul(quotient, tf.sub(1, tf.cast(isNone, 'float32')));
}
