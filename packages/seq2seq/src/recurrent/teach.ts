import * as tf from '@tensorflow/tfjs-core';
import type { Prepared } from './attention.js';
import type { TeachingBatch } from '../layers/batch.js';
import type { CopyTable } from '../layers/copy-table.js';
import type { Encoded } from '../layers/encoder.js';
import type { CopyScores } from '../layers/fused/copy-cross-entropy.js';
import { composedMixture } from '../layers/fused/copy-mixture.js';
import type { Decoder } from './decoder.js';

/**
 * What a model gives while it is told the right symbols. Axis letters: B pairs, T places with the end, S source, V symbols of
 * the vocabulary with the boundary first.
 */
export interface Taught {
  /**
   * [B, T, V]: their softmax is the model's distribution. Of a model that copies they are its logarithm, and go on with the
   * symbols of `beyond`; of those that a pair lacks nothing is left but rounding.
   */
  readonly logits: tf.Tensor3D;
  /** [B, T, S]; of several heads their mean, absent without attention. */
  readonly weights?: tf.Tensor3D;
  /** Of each pair, the symbols of its source that aren't in the vocabulary, in the order of their columns. */
  readonly beyond?: readonly (readonly string[])[];
}

/** The decoder's steps one by one, each told the symbol before: what decoding does with a right guess. */
export function teachSteps(
  decoder: Decoder,
  prepared: Prepared,
  encoded: Encoded,
  { inputs, batch, time }: TeachingBatch,
  copies?: CopyTable,
): Taught {
  let state = decoder.start(encoded);
  const logits: tf.Tensor2D[] = [];
  const weights: tf.Tensor2D[] = [];
  for (let t = 0; t < time; t++) {
    const ids = inputs.slice(t * batch, (t + 1) * batch);
    const step = decoder.step(prepared, state, ids, { beams: 1, returnWeights: true });
    state = step.state;
    logits.push(
      copies ? mixed({ logits: step.logits, gates: step.gates!, weights: step.weights! }, copies) : step.logits,
    );
    if (step.weights !== undefined) weights.push(step.weights);
  }
  return {
    logits: tf.stack(logits, 1) as tf.Tensor3D,
    ...(weights.length > 0 && { weights: tf.stack(weights, 1) as tf.Tensor3D }),
    ...(copies && { beyond: copies.beyond }),
  };
}

function mixed(scores: CopyScores, copies: CopyTable): tf.Tensor2D {
  const { vocabulary, beyond } = composedMixture(scores, copies);
  return beyond === undefined ? vocabulary : tf.concat2d([vocabulary, beyond], 1);
}
