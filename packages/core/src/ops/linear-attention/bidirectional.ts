import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { ChunkGradients } from './chunk.js';
import { columnsOf, type Laid } from './layout.js';
import { divide, divideBackward } from './normalizer.js';
import type { LinearAttentionRequest } from './spec.js';

/** Every query reads the state after all keys: context = q S, S = S₀ + Σ_j k_j v_jᵀ. */
export function readAll(laid: Laid, request: LinearAttentionRequest): { context: Tensor; state: Tensor } {
  const state = written(laid);
  return { context: divide(read(laid.query, state), request), state };
}

export function readAllBackward(
  laid: Laid,
  request: LinearAttentionRequest,
  dContext: Tensor,
  dLast: Tensor,
): { gradients: ChunkGradients; dInitial: Tensor } {
  const { query, key, value } = laid;
  const state = written(laid);
  const dRead = request.normalize ? divideBackward(read(query, state), dContext, request) : dContext;
  const folded = (x: Tensor): Tensor => tf.reshape(x, [x.shape[0], x.shape[1]! * x.shape[2]!, x.shape[3]!]);
  const isRead = request.queries * columnsOf(request) > 0;
  const isWritten = request.keys * columnsOf(request) > 0;
  const dState = isRead ? tf.add(dLast, tf.matMul(folded(query), folded(dRead), true)) : dLast;
  const gradients = {
    query: isRead ? read(dRead, tf.transpose(state, [0, 2, 1])) : tf.zerosLike(query),
    key: isWritten ? tf.matMul(value, dState, false, true) : tf.zerosLike(key),
    value: isWritten ? tf.matMul(key, dState) : tf.zerosLike(value),
  };
  return { gradients, dInitial: dState };
}

function written({ key, value, initial }: Laid): Tensor {
  return key.size * value.size === 0 ? tf.clone(initial) : tf.add(initial, tf.matMul(key, value, true));
}

/** [M, G, Tq, D] · [M, D, Dv] */
function read(query: Tensor, state: Tensor): Tensor {
  const [rows, groups, queries, width] = query.shape as [number, number, number, number];
  const columns = state.shape[2]!;
  if (queries * columns === 0) return tf.zeros([rows, groups, 0, columns]);
  const product = tf.matMul(tf.reshape(query, [rows, groups * queries, width]), state);
  return tf.reshape(product, [rows, groups, queries, columns]);
}
