import * as tf from '@tensorflow/tfjs-core';
import { HeedError } from '@heed/core';
import type { Trainable } from './trainable.js';
import type { TrainingConfig } from './training-config.js';

/** The loss of a batch, and its gradients by the keys of all parameters, the caller's to dispose. */
export async function differentiate(
  model: Trainable,
  batch: readonly unknown[],
  { labelSmoothing, seed }: Pick<TrainingConfig, 'labelSmoothing' | 'seed'>,
  step: number,
): Promise<{ loss: number; gradients: Record<string, tf.Tensor> }> {
  const entries = Object.entries(model.parameters);
  const { value, grads } = tf.variableGrads(
    () => model.loss(batch, { labelSmoothing, dropout: { seed, step } }),
    entries.map(([, variable]) => variable),
  );
  // TensorFlow.js leaves out the parameters that the loss doesn't use.
  const gradients = Object.fromEntries(
    entries.map(([key, variable]) => [key, grads[variable.name] ?? tf.zerosLike(variable)]),
  );
  try {
    const [loss] = await value.data<'float32'>();
    return { loss: loss!, gradients };
  } catch (error) {
    tf.dispose(gradients); // a lost context
    throw error;
  } finally {
    value.dispose();
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
