import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { LinearAttentionRequest } from './spec.js';

/** φ(q)·S beside φ(q)·z, [M, G, C, Dv + 1] → the quotient [M, G, C, Dv], 0 where φ(q)·z is; without a normaliser what is given. */
export function divide(read: Tensor, request: LinearAttentionRequest): Tensor {
  if (!request.normalize) return read;
  const { numerator, inverse } = parts(read, request);
  return tf.mul(numerator, inverse);
}

/** The gradient in both from that in the quotient. */
export function divideBackward(read: Tensor, dQuotient: Tensor, request: LinearAttentionRequest): Tensor {
  if (request.valueWidth === 0) return tf.zerosLike(read);
  const { numerator, inverse } = parts(read, request);
  const dNumerator = tf.mul(dQuotient, inverse);
  const quotient = tf.mul(numerator, inverse);
  return tf.concat([dNumerator, tf.mul(tf.sum(tf.mul(dNumerator, quotient), -1, true), -1)], -1);
}

function parts(read: Tensor, { valueWidth }: LinearAttentionRequest): { numerator: Tensor; inverse: Tensor } {
  const [numerator, denominator] = tf.split(read, [valueWidth, 1], -1) as [Tensor, Tensor];
  const empty = tf.equal(denominator, 0);
  const inverse = tf.where(
    empty,
    tf.zerosLike(denominator),
    tf.div(1, tf.where(empty, tf.onesLike(denominator), denominator)),
  );
  return { numerator, inverse };
}
