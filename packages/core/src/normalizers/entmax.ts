import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { HeedError, show } from '@heed/base';
import { LOWEST_FLOAT } from '../composed/shared.js';
import { defineNormalizer, type NormalizerDefinition } from './define.js';
import { centred, spoilRows, unanswerable } from './rows.js';

/**
 * α-entmax: p_j = max((α − 1)·s_j − τ, 0)^(1/(α − 1)) with the τ for which Σ p = 1. α = 1 is softmax, 2 is sparsemax; the larger, the
 * more weights are 0. A tensor's gradient flows, at exactly 1 as the limit from above.
 *
 * @param alpha a number ≥ 1, or a float32 tensor: [] for all heads alike, [H] for one per head. A tensor is borrowed, and its
 *   numbers are the caller's to keep at 1 or above: below, the row's weights are NaN
 * @throws HeedError INVALID_ARGUMENT for a number below 1 or not finite
 * @see Peters, Niculae & Martins 2019, arXiv:1905.05702, eq. 4 and proposition 2; Correia, Niculae & Martins 2019,
 * arXiv:1909.00015, proposition 1 (the gradient in α)
 */
export function entmax(alpha: number | Tensor): NormalizerDefinition {
  if (alpha instanceof tf.Tensor) {
    return defineNormalizer({
      name: 'entmax',
      title: 'α-entmax',
      parameter: alpha,
      forward: (scores, parameter) => weightsOf(scores, parameter!),
      backward: (weights, dWeights, _, parameter) => centred(slopes(weights, parameter!), dWeights),
      parameterGradient: (weights, dWeights, _, parameter) => alphaGradient(weights, dWeights, parameter),
    });
  }
  if (!(Number.isFinite(alpha) && alpha >= 1)) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `entmax: alpha is ${show(alpha)}`,
      hint: 'a number ≥ 1 (1 is softmax, 2 sparsemax), or a float32 tensor of such numbers',
    });
  }
  return defineNormalizer({
    // A kernel that knows 'entmax' finds α in the parameter; of a plain number it would know nothing.
    name: `entmax(${alpha})`,
    title: `${alpha}-entmax`,
    forward: (scores) => weightsOf(scores, tf.scalar(alpha)),
    backward: (weights, dWeights) => centred(slopes(weights, tf.scalar(alpha)), dWeights),
  });
}

/** Halvings of the interval of the highest weight's logarithm: beyond float32's 24 digits, as zero has more of them than the other end. */
const HALVINGS = 30;
/** Scores this far below the highest have weight 0 for any α ≥ 1, and stay finite. */
const FARTHEST = -1e6;

/**
 * In place of τ, the logarithm t of the highest weight is sought, between −log of the number of positions and 0, since p_j = eᵗ·(1 + (α − 1)·u)^(1/(α − 1)) with
 * u = (s_j − max s)·e^(−(α − 1)·t) is well-conditioned near α = 1, where a power of 1/(α − 1) of a difference isn't.
 */
function weightsOf(scores: Tensor, alpha: Tensor): Tensor {
  const excess = tf.sub(alpha, 1);
  const highest = tf.maximum(tf.max(scores, -1, true), LOWEST_FLOAT);
  const below = tf.maximum(tf.sub(scores, highest), FARTHEST);
  const present = tf.cast(tf.greater(scores, LOWEST_FLOAT), 'float32');
  const at = (top: Tensor): Tensor => tf.mul(powers(below, top, excess), present);
  // No weight is the highest and below the mean. Positions that take no part don't count: results don't depend on padding.
  let low = tf.neg(tf.log(tf.maximum(tf.sum(present, -1, true), 1)));
  let high = tf.zerosLike(highest);
  for (let step = 0; step < HALVINGS; step++) {
    const middle = tf.mul(tf.add(low, high), 0.5);
    const isEnough = tf.greaterEqual(tf.sum(at(middle), -1, true), 1);
    low = tf.where(isEnough, low, middle);
    high = tf.where(isEnough, middle, high);
  }
  const weights = tf.mul(powers(below, high, excess, nearAndFar), present);
  return spoilRows(
    tf.div(weights, tf.sum(weights, -1, true)),
    tf.logicalOr(unanswerable(scores), tf.broadcastTo(tf.logicalNot(tf.greaterEqual(alpha, 1)), scores.shape)),
  );
}

/**
 * e^top·(1 + excess·u)^(1/excess), 0 where the base isn't above 0: exp(top + u·log(w)/(w − 1)) for w = 1 + excess·u.
 *
 * @param logRatio log(w)/(w − 1) of w and w − 1
 */
function powers(below: Tensor, top: Tensor, excess: Tensor, logRatio = direct): Tensor {
  const u = tf.mul(below, tf.exp(tf.mul(tf.neg(excess), top)));
  const w = tf.add(1, tf.mul(excess, u));
  const isInside = tf.greater(w, 0);
  const one = tf.onesLike(w);
  const safe = tf.where(isInside, w, one);
  // The rounding of w cancels in log(w)/(w − 1) (Kahan's log1p).
  const ratio = logRatio(safe, tf.sub(safe, 1));
  return tf.where(isInside, tf.exp(tf.add(top, tf.mul(u, ratio))), tf.zerosLike(w));
}

/** As the engine's logarithm has it; 1 at 1, which is the limit. */
function direct(w: Tensor, gap: Tensor): Tensor {
  const isOne = tf.equal(gap, 0);
  const one = tf.onesLike(w);
  return tf.where(isOne, one, tf.div(tf.log(w), tf.where(isOne, one, gap)));
}

const NEAR = 0.5;
/** Terms of the series, whose next one is under 2⁻²⁶ where it is used. */
const NEAR_TERMS = 7;

/** The same by 2·artanh(s)/(w − 1) with s = (w − 1)/(w + 1) near 1, where logarithms of GPUs have an absolute error. */
function nearAndFar(w: Tensor, gap: Tensor): Tensor {
  const isNear = tf.less(tf.abs(gap), NEAR);
  const sum = tf.add(tf.where(isNear, gap, tf.zerosLike(gap)), 2);
  const square = tf.square(tf.sub(1, tf.div(2, sum)));
  let series: Tensor = tf.fill(w.shape, 1 / (2 * NEAR_TERMS + 1));
  for (let n = NEAR_TERMS - 1; n >= 0; n--) series = tf.add(1 / (2 * n + 1), tf.mul(square, series));
  return tf.where(isNear, tf.div(tf.mul(2, series), sum), direct(w, gap));
}

/** p^(2 − α), which is p·e^(x) with x = −(α − 1)·log p, on the support; 0 elsewhere. */
function slopes(weights: Tensor, alpha: Tensor): Tensor {
  const { isOut, surprise } = surprises(weights);
  return tf.where(isOut, weights, tf.mul(weights, tf.exp(tf.mul(tf.sub(alpha, 1), surprise))));
}

/**
 * Σ_j dp_j·∂p_j/∂α with ∂p_j/∂α = p_j/(2·Σ_k g_k)·(M·(1 + ε·L_j) − G_j·(1 + ε·H)) for ε = α − 1, L = −log p, g = p^(2 − α),
 * G = 2·(e^(εL) − 1 − εL)/ε², M = Σ p·G and H = Σ p·L: the closed form of the paper, rearranged so that nothing is divided by ε, and
 * no difference of near numbers by ε².
 */
function alphaGradient(weights: Tensor, dWeights: Tensor, alpha: Tensor): Tensor {
  const { isOut, surprise } = surprises(weights);
  const excess = tf.sub(alpha, 1);
  const x = tf.mul(excess, surprise);
  const bend = tf.mul(tf.square(surprise), secondRemainder(x));
  const mean = (f: Tensor): Tensor => tf.sum(tf.mul(weights, f), -1, true);
  const total = tf.sum(tf.where(isOut, weights, tf.mul(weights, tf.exp(x))), -1, true);
  const changes = tf.sub(tf.mul(mean(bend), tf.add(1, x)), tf.mul(bend, tf.add(1, tf.mul(excess, mean(surprise)))));
  const sums = tf.sum(tf.mul(dWeights, tf.where(isOut, tf.zerosLike(weights), tf.mul(weights, changes))), -1, true);
  // A row without positions has no weights at all.
  const isEmpty = tf.equal(total, 0);
  return tf.where(isEmpty, tf.zerosLike(sums), tf.div(sums, tf.mul(2, tf.where(isEmpty, tf.onesLike(total), total))));
}

/** Below it the series is used, whose next term is then too small for float32. */
const LARGEST_FOR_SERIES = 1;
const TERMS = 11;

/** 2·(eˣ − 1 − x)/x² for x ≥ 0: 1 + x/3 + x²/12 + … */
function secondRemainder(x: Tensor): Tensor {
  const near = tf.minimum(x, LARGEST_FOR_SERIES);
  let series: Tensor = tf.onesLike(x);
  for (let n = TERMS; n > 0; n--) series = tf.add(1, tf.mul(tf.div(near, n + 2), series));
  const far = tf.maximum(x, LARGEST_FOR_SERIES);
  const direct = tf.div(tf.mul(2, tf.sub(tf.sub(tf.exp(far), 1), far)), tf.square(far));
  return tf.where(tf.lessEqual(x, LARGEST_FOR_SERIES), series, direct);
}

/** L = −log p, 0 where p is 0. */
function surprises(weights: Tensor): { readonly isOut: Tensor; readonly surprise: Tensor } {
  const isOut = tf.equal(weights, 0);
  return { isOut, surprise: tf.neg(tf.log(tf.where(isOut, tf.onesLike(weights), weights))) };
}
