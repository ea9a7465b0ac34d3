import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import type { Regularizer } from '../identifiers.js';

/**
 * Losses of what a layer computes in training, as Keras's `activity_regularizer` adds them. TensorFlow.js's own refuses, and asks for losses only
 * after the step, when what they are of is gone.
 */
export class ActivityLoss {
  private kept: Scalar[] = [];

  constructor(private readonly regularizer: Regularizer | undefined) {}

  /** Notes an output of a call in training. */
  note(output: Tensor, training: unknown): void {
    if (this.regularizer !== undefined && training === true) this.kept.push(tf.keep(this.regularizer.apply(output)));
  }

  /** The sum of what was noted since the last time. */
  read(): Scalar {
    const sum = tf.tidy(() => this.kept.reduce((a, b) => tf.add(a, b), tf.scalar(0)));
    tf.dispose(this.kept);
    this.kept = [];
    return sum;
  }
}
