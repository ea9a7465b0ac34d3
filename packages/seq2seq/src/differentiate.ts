import * as tf from '@tensorflow/tfjs-core';
import { HeedError } from '@heed/core';
import type { Pair, Seq2Seq } from './seq2seq.js';
import type { TrainingConfig } from './training-config.js';

/** The loss of a batch and its gradients, on the host. */
export async function differentiate(
  model: Seq2Seq,
  batch: readonly Pair[],
  { labelSmoothing, seed }: TrainingConfig,
  step: number,
): Promise<{ loss: number; gradients: Record<string, Float32Array> }> {
  const entries = Object.entries(model.parameters);
  const { value, grads } = tf.variableGrads(
    () => model.loss(batch, { labelSmoothing, dropout: { seed, step } }),
    entries.map(([, variable]) => variable),
  );
  try {
    const [[loss], ...gradients] = await Promise.all([
      value.data<'float32'>(),
      ...entries.map(([, { name }]) => grads[name]!.data<'float32'>()),
    ]);
    return { loss: loss!, gradients: Object.fromEntries(entries.map(([key], i) => [key, gradients[i]!])) };
  } finally {
    value.dispose();
    tf.dispose(grads);
  }
}

/** @throws HeedError GRADIENTS_MISSING */
export function assertGradients(): void {
  if (tf.getGradient('BatchMatMul') !== undefined) return;
  throw new HeedError('GRADIENTS_MISSING', {
    message: "training: TensorFlow.js's gradients are not registered",
    hint: "import '@tensorflow/tfjs' once, or in a bundler '@tensorflow/tfjs-core/dist/register_all_gradients'",
  });
}
