import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { materializeBias, relativeIndex } from '../../bias-parts.js';
import {
  contextOf,
  dropoutTensor,
  finite,
  groupedMatMul,
  groupedOuter,
  select,
  sumTo,
  times,
} from '../../composed/shared.js';
import { softCapped } from '../../composed/tanh.js';
import type { HookPlace } from '../../hooks/composed.js';
import { hookedBackward, hookedSoftmax } from '../../hooks/hooked-softmax.js';
import { materializeParts } from '../../mask-parts.js';
import type { ComposedForm, Tensors } from '../define.js';
import type { DotProductAttentionRequest, DotProductInputs, DotProductTypes } from './spec.js';

/** `dotProductAttention` as TensorFlow.js ops: what every engine can run, and holds [B, Hq, Tq, Tk] arrays. */
export const composedDotProduct: ComposedForm<DotProductTypes> = {
  forward(inputs, request) {
    const { raw, open } = scoresOf(inputs, request);
    const { weights, allowed, logSumExp, remainder } = hookedSoftmax(raw, open, request, placeOf(inputs, request));
    const kept = times(weights, dropoutTensor(request.dropout, weights.shape));
    const context = contextOf(kept, inputs.value, allowed);
    return { context, logSumExp, remainder, ...(request.returnWeights && { weights }) };
  },

  backward(inputs, request) {
    const { query, key, value, bias, table, dContext, dLogSumExp } = inputs;
    const place = placeOf(inputs, request);
    const { raw, open, capped } = scoresOf(inputs, request);
    const rows = hookedSoftmax(raw, open, request, place);
    const { weights, allowed } = rows;
    const factors = dropoutTensor(request.dropout, weights.shape);

    let dWeights = times(groupedMatMul(dContext, value, true), factors);
    if (inputs.dWeights) dWeights = tf.add(dWeights, inputs.dWeights);
    const { dRaw: dBiased, ...inCaptures } = hookedBackward(raw, rows, dWeights, dLogSumExp, request, place);

    // d/dx cap·tanh(x/cap) = 1 − tanh²(x/cap).
    let dScores = dBiased;
    if (capped !== undefined) {
      dScores = tf.mul(dBiased, tf.sub(1, tf.square(tf.div(capped, request.softCap!))));
      if (allowed !== undefined) dScores = select(allowed, dScores, 0);
    }
    const dProducts = tf.mul(dScores, request.scale);
    const clean = (tensor: Tensor): Tensor => (allowed === undefined ? tensor : finite(tensor));
    return {
      dQuery: groupedMatMul(dProducts, clean(key), false),
      dKey: groupedOuter(dProducts, clean(query), request.keyHeads),
      dValue: groupedOuter(times(weights, factors), dContext, request.keyHeads),
      ...(bias && { dBias: sumTo(dBiased, request.bias.dense!) }),
      ...(table && { dTable: tableGradient(dBiased, request) }),
      ...inCaptures,
    };
  },
};

interface Scores {
  /** After scale, cap and bias. */
  readonly raw: Tensor;
  /** Where the mask and the bias let a query attend; undefined for everywhere. */
  readonly open: Tensor | undefined;
  /** After the cap, when there is one. */
  readonly capped: Tensor | undefined;
}

function scoresOf(inputs: Tensors<DotProductInputs>, request: DotProductAttentionRequest): Scores {
  const products = groupedMatMul(tf.mul(inputs.query, request.scale), inputs.key, true);
  const { softCap } = request;
  const capped = softCap === null ? undefined : softCapped(products, softCap);
  const raw = capped ?? products;
  const open: Tensor | undefined = materializeParts(request.mask, inputs.mask, request);
  const bias = materializeBias(request.bias, inputs.bias, inputs.table, request);
  if (bias === undefined) return { raw, open, capped };
  // −∞ masks, even where the score is NaN.
  const unmasked = tf.notEqual(bias, tf.scalar(-Infinity));
  return { raw: tf.add(raw, bias), open: open === undefined ? unmasked : tf.logicalAnd(open, unmasked), capped };
}

const placeOf = ({ captures }: Tensors<DotProductInputs>, request: DotProductAttentionRequest): HookPlace => ({
  sizes: request,
  captures,
});

/** Sums the gradient over all positions that read an entry of the table; one pass an entry, so no T²·R array. */
function tableGradient(dBiased: Tensor, request: DotProductAttentionRequest): Tensor {
  const { heads, reach } = request.bias.relative!;
  const index = tf.broadcastTo(relativeIndex(request.bias.relative!, request), dBiased.shape);
  const none = tf.zerosLike(dBiased);
  const columns = Array.from({ length: 2 * reach + 1 }, (_, entry) => {
    const reads = tf.equal(index, tf.scalar(entry, 'int32'));
    return tf.tidy(() => tf.sum(tf.where(reads, dBiased, none), [0, 2, 3])); // [Hq]
  });
  const gradient = tf.stack(columns, 1); // [Hq, 2R + 1]
  return heads === 1 ? tf.sum(gradient, 0, true) : gradient;
}
