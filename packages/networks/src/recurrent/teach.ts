import * as tf from '@tensorflow/tfjs-core';
import type { SourceMemory } from './attention.js';
import { mixtureLogits, type CopyTable, type Encoded, type TeachingBatch } from '@heed/nn';
import type { Taught } from '../encoder-decoder.js';
import type { Decoder } from './decoder.js';

/** The decoder's steps one by one, each told the symbol before: what decoding does with a right guess. */
export function teachSteps(
  decoder: Decoder,
  memory: SourceMemory,
  encoded: Encoded,
  { inputs, batch, time }: TeachingBatch,
  copies?: CopyTable,
): Taught {
  let state = decoder.start(encoded, memory);
  const logits: tf.Tensor2D[] = [];
  const weights: tf.Tensor2D[] = [];
  for (let t = 0; t < time; t++) {
    const ids = inputs.slice(t * batch, (t + 1) * batch);
    const step = decoder.step(memory, state, ids, { beams: 1, returnWeights: true });
    state = step.state;
    logits.push(
      copies ? mixtureLogits({ logits: step.logits, gates: step.gates!, weights: step.weights! }, copies) : step.logits,
    );
    if (step.weights !== undefined) weights.push(step.weights);
  }
  return {
    logits: tf.stack(logits, 1) as tf.Tensor3D,
    ...(weights.length > 0 && { weights: tf.stack(weights, 1) as tf.Tensor3D }),
    ...(copies && { beyond: copies.beyond }),
  };
}
