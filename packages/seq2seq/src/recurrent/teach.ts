import * as tf from '@tensorflow/tfjs-core';
import type { Prepared } from './attention.js';
import type { TeachingBatch } from '../layers/batch.js';
import type { Decoder } from './decoder.js';
import type { Encoded } from '../layers/encoder.js';

/** What a model gives while it is told the right symbols. Axis letters: B pairs, T places with the end, S source, V symbols. */
export interface Taught {
  /** [B, T, V] */
  readonly logits: tf.Tensor3D;
  /** [B, T, S]; of several heads their mean, absent without attention. */
  readonly weights?: tf.Tensor3D;
}

/** The decoder's steps one by one, each told the symbol before: what decoding does with a right guess. */
export function teachSteps(
  decoder: Decoder,
  prepared: Prepared,
  encoded: Encoded,
  { inputs, batch, time }: TeachingBatch,
): Taught {
  let state = decoder.start(encoded);
  const logits: tf.Tensor2D[] = [];
  const weights: tf.Tensor2D[] = [];
  for (let t = 0; t < time; t++) {
    const ids = inputs.slice(t * batch, (t + 1) * batch);
    const step = decoder.step(prepared, state, ids, { beams: 1, returnWeights: true });
    state = step.state;
    logits.push(step.logits);
    if (step.weights !== undefined) weights.push(step.weights);
  }
  return {
    logits: tf.stack(logits, 1) as tf.Tensor3D,
    ...(weights.length > 0 && { weights: tf.stack(weights, 1) as tf.Tensor3D }),
  };
}
