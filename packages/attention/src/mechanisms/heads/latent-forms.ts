import * as tf from '@tensorflow/tfjs-core';
import type { DotProductComparison } from '../../comparison.js';
import { linear, splitHeads } from '../../linear.js';

/** What multi-head latent attention compares. Axes: C latent width, R rotary width. */
export interface LatentCall {
  /** [N, H, T, D] */
  readonly content: tf.Tensor4D;
  /** Turned, [N, H, T, R]. */
  readonly position: tf.Tensor4D;
  /** Turned, [N, 1, Tk, R]. */
  readonly rotaryKey: tf.Tensor4D;
  /** [N, 1, Tk, C] */
  readonly latent: tf.Tensor4D;
  /** [C, H·D] */
  readonly keyUp: tf.Tensor;
  /** [C, H·Dv] */
  readonly valueUp: tf.Tensor;
}

/** Keys and values of all heads, made of the latents: for many queries at once. */
export function plain(call: LatentCall): DotProductComparison {
  const { content, position, rotaryKey, latent, keyUp, valueUp } = call;
  const heads = content.shape[1];
  const latents = tf.squeeze<tf.Tensor3D>(latent, [1]); // [N, Tk, C]
  const keys = splitHeads(linear(latents, keyUp), heads); // [N, H, Tk, D]
  return {
    op: 'dotProductAttention',
    query: tf.concat([content, position], 3),
    key: tf.concat([keys, tf.tile(rotaryKey, [1, heads, 1, 1])], 3),
    value: splitHeads(linear(latents, valueUp), heads), // [N, H, Tk, Dv]
    scale: scaleOf(call),
  };
}

/**
 * The same without keys and values: q·(W_up·c) = (W_upᵀ·q)·c, so that queries go into the latents' width and meet them as one key
 * head, and contexts, which are means of latents, come back by W_up. For one query at a time, when the latents are many.
 */
export function absorbed(call: LatentCall): DotProductComparison {
  const { content, position, rotaryKey, latent, keyUp, valueUp } = call;
  const inLatents = throughHeads(content, keyUp, true); // [N, H, T, C]
  return {
    op: 'dotProductAttention',
    query: tf.concat([inLatents, position], 3),
    key: tf.concat([latent, rotaryKey], 3),
    value: latent,
    scale: scaleOf(call),
    finish: (seen) => ({ ...seen, context: throughHeads(seen.context as tf.Tensor4D, valueUp, false) }),
  };
}

const scaleOf = ({ content, position }: LatentCall): number => 1 / Math.sqrt(content.shape[3] + position.shape[3]);

/**
 * Each head through its own columns of a kernel [C, H·W]: [N, H, T, C] → [N, H, T, W], or [N, H, T, W] → [N, H, T, C] transposed.
 */
function throughHeads(x: tf.Tensor4D, kernel: tf.Tensor, isTransposed: boolean): tf.Tensor4D {
  const [rows, heads, queries, width] = x.shape;
  const [inner, all] = kernel.shape as [number, number];
  const outputs = isTransposed ? inner : all / heads;
  if (x.size === 0) return tf.zeros([rows, heads, queries, outputs]);
  const kernels = tf.transpose(tf.reshape(kernel, [inner, heads, all / heads]), [1, 0, 2]); // [H, C, W]
  const byHead = tf.reshape(tf.transpose(x, [1, 0, 2, 3]), [heads, rows * queries, width]);
  const product = tf.matMul(byHead, kernels, false, isTransposed);
  return tf.transpose(tf.reshape(product, [heads, rows, queries, outputs]), [1, 0, 2, 3]) as tf.Tensor4D;
}

interface Widths {
  readonly headWidth: number;
  readonly valueWidth: number;
  readonly rotaryWidth: number;
  readonly latentWidth: number;
}

/** Whether the absorbed form takes fewer multiply–adds for as many queries and keys. */
export function isAbsorbedLess(
  { headWidth, valueWidth, rotaryWidth, latentWidth }: Widths,
  { queries, keys }: { readonly queries: number; readonly keys: number },
): boolean {
  const up = latentWidth * (headWidth + valueWidth);
  const ofPlain = keys * up + queries * keys * (headWidth + rotaryWidth + valueWidth);
  const ofAbsorbed = queries * up + queries * keys * (2 * latentWidth + rotaryWidth);
  return ofAbsorbed < ofPlain;
}
