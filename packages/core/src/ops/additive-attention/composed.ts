import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { contextOf, dropoutTensor, groupedMatMul, groupedOuter, select, times } from '../../composed/shared.js';
import { tanh } from '../../composed/tanh.js';
import type { HookPlace } from '../../hooks/composed.js';
import { hookedBackward, hookedSoftmax } from '../../hooks/hooked-softmax.js';
import { materializeParts } from '../../mask-parts.js';
import type { ComposedForm, Tensors } from '../define.js';
import type { AdditiveAttentionRequest, AdditiveGradients, AdditiveInputs, AdditiveTypes } from './spec.js';

/**
 * `additiveAttention` as TensorFlow.js ops. tanh(q + k) is a [B, Tq, Tk, U] array, so it is formed for a few queries at a
 * time; larger chunks have been seen to run a wasm heap out of memory.
 */
export const composedAdditive: ComposedForm<AdditiveTypes> = {
  forward(inputs, request) {
    const { raw, open } = scoresOf(inputs, request);
    const rows = hookedSoftmax(raw, open, request, placeOf(inputs, request));
    const { weights, allowed, logSumExp, remainder } = rows;
    const kept = times(weights, dropoutTensor(request.dropout, weights.shape));
    const context = tf.squeeze(contextOf(kept, tf.expandDims(inputs.value, 1), allowed), [1]);
    const outputs = { context, logSumExp: tf.squeeze(logSumExp, [1]), remainder: tf.squeeze(remainder, [1]) };
    return request.returnWeights ? { ...outputs, weights: tf.squeeze(weights, [1]) } : outputs;
  },

  backward(inputs, request) {
    const place = placeOf(inputs, request);
    const { raw, open } = scoresOf(inputs, request);
    const rows = hookedSoftmax(raw, open, request, place);
    const { weights, allowed } = rows;
    const dContext = tf.expandDims(inputs.dContext, 1);
    const factors = dropoutTensor(request.dropout, weights.shape);

    let dWeights = times(groupedMatMul(dContext, tf.expandDims(inputs.value, 1), true), factors);
    if (inputs.dWeights) dWeights = tf.add(dWeights, tf.expandDims(inputs.dWeights, 1));
    const dLogSumExp = tf.expandDims(inputs.dLogSumExp, 1);
    const { dRaw, ...inCaptures } = hookedBackward(raw, rows, dWeights, dLogSumExp, request, place);
    return {
      ...energyBackward(inputs, request, tf.squeeze(dRaw, [1]), allowed),
      ...inCaptures,
      dValue: tf.squeeze(groupedOuter(times(weights, factors), dContext, 1), [1]),
    };
  },
};

const LARGEST_CHUNK = 2 ** 22; // floats: 16 MiB

/** Scores and mask with an H axis of 1, so that the shared pieces fit. */
function scoresOf(
  inputs: Tensors<AdditiveInputs>,
  request: AdditiveAttentionRequest,
): { raw: Tensor; open: Tensor | undefined } {
  const open = materializeParts(request.mask, inputs.mask, { ...request, heads: 1 });
  const vector = tf.reshape(inputs.vector, [request.units, 1]);
  const chunks = queryChunks(request).map(([start, size]) =>
    tf.tidy(() => {
      const activations = tf.reshape(activationsOf(inputs, start, size), [-1, request.units]);
      return tf.reshape(tf.matMul(activations, vector), [request.batch, 1, size, request.keys]);
    }),
  );
  return { raw: tf.concat(chunks, 2), open };
}

const placeOf = ({ captures }: Tensors<AdditiveInputs>, request: AdditiveAttentionRequest): HookPlace => ({
  sizes: { ...request, heads: 1 },
  captures,
});

/** From the gradient in e_ij = vᵀ tanh(q_i + k_j) to those in q, k and v. */
function energyBackward(
  inputs: Tensors<AdditiveInputs>,
  request: AdditiveAttentionRequest,
  dScores: Tensor,
  allowed: Tensor | undefined,
): Pick<Tensors<AdditiveGradients>, 'dQuery' | 'dKey' | 'dVector'> {
  const { batch, keys, queries, units } = request;
  const open = allowed && tf.broadcastTo(tf.squeeze(allowed, [1]), [batch, queries, keys]);
  const dQueries: Tensor[] = [];
  let dKey: Tensor = tf.zerosLike(inputs.key);
  let dVector: Tensor = tf.zerosLike(inputs.vector);
  for (const [start, size] of queryChunks(request)) {
    const [dQ, dK, dV] = tf.tidy(() => {
      let activations = activationsOf(inputs, start, size);
      if (open !== undefined) {
        const part = tf.expandDims(tf.slice(open, [0, start, 0], [batch, size, keys]), -1);
        activations = select(part, activations, 0);
      }
      const dEnergy = tf.expandDims(tf.slice(dScores, [0, start, 0], [batch, size, keys]), -1);
      const dSums = tf.mul(tf.mul(dEnergy, inputs.vector), tf.sub(1, tf.square(activations)));
      return [
        tf.sum(dSums, 2),
        tf.add(dKey, tf.sum(dSums, 1)),
        tf.add(dVector, tf.reshape(tf.sum(tf.mul(activations, dEnergy), [0, 1, 2]), [units])),
      ] as [Tensor, Tensor, Tensor];
    });
    dQueries.push(dQ);
    tf.dispose([dKey, dVector]);
    [dKey, dVector] = [dK, dV];
  }
  return { dQuery: tf.concat(dQueries, 1), dKey, dVector };
}

/** tanh(q_i + k_j) for `size` queries from `start`: [B, size, Tk, U]. */
function activationsOf({ query, key }: Tensors<AdditiveInputs>, start: number, size: number): Tensor {
  const [batch, , units] = query.shape as [number, number, number];
  const part = tf.slice(query, [0, start, 0], [batch, size, units]);
  return tanh(tf.add(tf.expandDims(part, 2), tf.expandDims(key, 1)));
}

function queryChunks({ batch, keys, queries, units }: AdditiveAttentionRequest): [start: number, size: number][] {
  const size = Math.max(1, Math.floor(LARGEST_CHUNK / (batch * keys * units)));
  return Array.from({ length: Math.ceil(queries / size) }, (_, n) => [n * size, Math.min(size, queries - n * size)]);
}
