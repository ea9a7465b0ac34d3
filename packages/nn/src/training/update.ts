import * as tf from '@tensorflow/tfjs-core';
import { HeedError } from '@heed/core';
import { differentiate } from './differentiate.js';
import type { Optimizer } from './optimizer.js';
import type { Trainable } from './trainable.js';
import { learningRateAt, type TrainingConfig } from './training-config.js';

/** What is told of one update. */
export interface Update {
  /** Loss of the batch, see `Trainable`. */
  readonly loss: number;
  readonly learningRate: number;
  /** Euclidean norm of the whole gradient, before clipping. */
  readonly gradientNorm: number;
}

/**
 * One update of a model's parameters from one batch.
 *
 * @param step updates made before
 * @throws HeedError NOT_FINITE when the loss or a gradient is not finite: the parameters are then as before
 */
export async function updateOnce<Item>(
  { model, optimizer, config }: { model: Trainable<Item>; optimizer: Optimizer; config: TrainingConfig },
  batch: readonly Item[],
  step: number,
): Promise<Update> {
  const { loss, gradients } = await differentiate(model, batch, config, step);
  const learningRate = learningRateAt(step + 1, config);
  try {
    const { norm, apply } = await optimizer.measure(gradients);
    if (!Number.isFinite(loss) || !Number.isFinite(norm)) {
      throw new HeedError('NOT_FINITE', {
        message: `training: at step ${step + 1} the loss is ${loss} and the gradient's norm ${norm}`,
        hint: 'lower the learning rate or clipNorm; the last checkpoint is good',
        details: { step: step + 1, loss, gradientNorm: norm },
      });
    }
    apply({ learningRate, step: step + 1, scale: norm > config.clipNorm ? config.clipNorm / norm : 1 });
    return { loss, learningRate, gradientNorm: norm };
  } finally {
    tf.dispose(gradients);
  }
}
