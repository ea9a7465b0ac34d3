import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type {
  Normalizer,
  WeightedContextRequest,
  WeightedCotangents,
  WeightedGradients,
  WeightedInputs,
  WeightedOutputs,
} from '../backend.js';
import { materializeParts } from '../mask-parts.js';
import {
  alive,
  contextOf,
  dropoutTensor,
  groupedMatMul,
  groupedOuter,
  maskScores,
  select,
  softmaxRows,
  times,
  type Tensors,
} from './shared.js';

/** `weightedContext` as TensorFlow.js ops. */
export function weightedForward(
  inputs: Tensors<WeightedInputs>,
  request: WeightedContextRequest,
): Tensors<WeightedOutputs> {
  const allowed = materializeParts(request.mask, inputs.mask, request);
  const scores = maskScores(inputs.scores, allowed);
  const weights = normalize(scores, request.normalizer);
  const kept = times(weights, dropoutTensor(request.dropout, weights.shape));
  return { context: contextOf(kept, inputs.value, allowed), weights };
}

export function weightedBackward(
  inputs: Tensors<WeightedInputs & WeightedCotangents>,
  request: WeightedContextRequest,
): Tensors<WeightedGradients> {
  const { weights, value, dContext } = inputs;
  const allowed = materializeParts(request.mask, inputs.mask, request);
  const factors = dropoutTensor(request.dropout, weights.shape);
  const open = alive(maskScores(inputs.scores, allowed));
  const dWeights = select(open, tf.add(times(groupedMatMul(dContext, value, true), factors), inputs.dWeights), 0);
  return {
    dScores: select(open, normalizeBackward(weights, dWeights, request.normalizer), 0),
    dValue: groupedOuter(times(weights, factors), dContext, request.heads),
  };
}

function normalize(scores: Tensor, normalizer: Normalizer): Tensor {
  if (normalizer === 'softmax') return softmaxRows(scores).weights;
  const open = alive(scores);
  const keep = (weights: Tensor): Tensor => select(open, weights, 0);
  switch (normalizer) {
    case 'sigmoid':
      return keep(tf.sigmoid(scores));
    case 'hard': {
      const chosen = tf.cast(tf.equal(firstHighest(scores), keyPositions(scores)), 'float32');
      return keep(spoilRows(chosen, tf.isNaN(scores)));
    }
    case 'sparsemax':
    case 'entmax15': {
      const weights = normalizer === 'sparsemax' ? sparsemaxRows(scores) : entmax15Rows(scores);
      return keep(spoilRows(weights, tf.logicalAnd(open, tf.logicalNot(tf.isFinite(scores)))));
    }
  }
}

/** NaN in every row in which a position is marked. */
function spoilRows(weights: Tensor, marks: Tensor): Tensor {
  const spoiled = tf.greater(tf.max(tf.cast(marks, 'float32'), -1, true), 0);
  return tf.where(tf.broadcastTo(spoiled, weights.shape), tf.fill(weights.shape, NaN), weights);
}

/** int32 […, Tq, 1]. */
const firstHighest = (scores: Tensor): Tensor => tf.expandDims(tf.argMax(scores, -1), -1);
/** int32 [Tk]; tf.oneHot would do, but takes no single key. */
const keyPositions = (scores: Tensor): Tensor => tf.range(0, scores.shape.at(-1)!, 1, 'int32');

/**
 * Projection onto the simplex: max(z − τ, 0) with τ from the sorted scores.
 *
 * @see Martins & Astudillo 2016, arXiv:1602.02068, algorithm 1
 */
function sparsemaxRows(scores: Tensor): Tensor {
  const shifted = shiftRows(scores);
  const { sorted, ranks, sums } = sortedSums(shifted);
  const inSupport = tf.greater(tf.add(tf.mul(sorted, ranks), 1), sums);
  const size = tf.sum(tf.cast(inSupport, 'float32'), -1, true);
  const total = tf.sum(tf.where(inSupport, sorted, tf.zerosLike(sorted)), -1, true);
  return tf.relu(tf.sub(shifted, tf.div(tf.sub(total, 1), size)));
}

/**
 * 1.5-entmax: max(z/2 − τ, 0)² with τ from the sorted scores.
 *
 * @see Peters, Niculae & Martins 2019, arXiv:1905.05702, algorithm 2
 */
function entmax15Rows(scores: Tensor): Tensor {
  const shifted = shiftRows(tf.mul(scores, 0.5));
  const { sorted, ranks, sums } = sortedSums(shifted);
  const squares = cumulative(tf.square(sorted));
  const means = tf.div(sums, ranks);
  const spread = tf.sub(squares, tf.mul(ranks, tf.square(means)));
  const taus = tf.sub(means, tf.sqrt(tf.relu(tf.div(tf.sub(1, spread), ranks))));
  const size = tf.sum(tf.cast(tf.lessEqual(taus, sorted), 'float32'), -1, true);
  const tau = tf.sum(tf.where(tf.equal(ranks, size), taus, tf.zerosLike(taus)), -1, true);
  return tf.square(tf.relu(tf.sub(shifted, tau)));
}

/**
 * Scores with the row's highest at 0 and none below −2: whatever is more than 1 below the highest is outside the support
 * of both projections, and finite numbers keep the sums finite.
 */
function shiftRows(scores: Tensor): Tensor {
  return tf.maximum(tf.sub(scores, tf.maximum(tf.max(scores, -1, true), LOWEST_FLOAT)), -2);
}
const LOWEST_FLOAT = -3.4028234663852886e38;

function sortedSums(rows: Tensor): { sorted: Tensor; ranks: Tensor; sums: Tensor } {
  const keys = rows.shape.at(-1)!;
  const sorted = tf.topk(rows, keys, true).values;
  const ranks = tf.broadcastTo(tf.range(1, keys + 1, 1, 'float32'), sorted.shape);
  return { sorted, ranks, sums: cumulative(sorted) };
}

/** Running sums along the last axis, as a product with a triangle: tf.cumsum can stop the wasm engine for good. */
function cumulative(rows: Tensor): Tensor {
  const keys = rows.shape.at(-1)!;
  const steps = tf.range(0, keys, 1, 'int32');
  const triangle = tf.cast(tf.lessEqual(tf.reshape(steps, [keys, 1]), tf.reshape(steps, [1, keys])), 'float32');
  return tf.reshape(tf.matMul(tf.reshape(rows, [-1, keys]), triangle as tf.Tensor2D), rows.shape);
}

/** Every normaliser's Jacobian can be written in its weights. */
function normalizeBackward(weights: Tensor, dWeights: Tensor, normalizer: Normalizer): Tensor {
  switch (normalizer) {
    case 'softmax':
      return centred(weights, dWeights);
    case 'sparsemax':
      return centred(tf.where(tf.isNaN(weights), weights, tf.cast(tf.greater(weights, 0), 'float32')), dWeights);
    case 'entmax15':
      return centred(tf.sqrt(weights), dWeights);
    case 'sigmoid':
      return tf.mul(dWeights, tf.mul(weights, tf.sub(1, weights)));
    case 'hard':
      return tf.zerosLike(weights);
  }
}

/** g∘(d − Σ g∘d / Σ g); 0 for an empty row. */
function centred(g: Tensor, d: Tensor): Tensor {
  const total = tf.sum(g, -1, true);
  const safe = tf.where(tf.equal(total, 0), tf.onesLike(total), total);
  return tf.mul(g, tf.sub(d, tf.div(tf.sum(tf.mul(g, d), -1, true), safe)));
}
