import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect } from 'vitest';
import { composed } from '../src/composed-backend.js';
import { HeedError, type ErrorCode } from '@heed/base';
import { selectBackend } from '../src/select-backend.js';

/** Runs a test file on the composed forms over TensorFlow.js's cpu engine. */
export function useComposedCpu(): void {
  beforeAll(async () => {
    tf.enableProdMode();
    await selectBackend(composed({ engine: 'cpu' }));
  });
}

export const values = (tensor: tf.Tensor | undefined): number[] => [...tensor!.dataSync()];

/** A tensor of deterministic, irregular numbers in about [−1, 1]. */
export function numbers<S extends number[]>(shape: S, seed = 1): tf.Tensor {
  const size = shape.reduce((a, b) => a * b, 1);
  const data = Float32Array.from({ length: size }, (_, i) => Math.sin(12.9898 * (i + 1) + 78.233 * seed));
  return tf.tensor(data, shape);
}

export function expectError(code: ErrorCode, run: () => unknown): HeedError {
  try {
    run();
  } catch (error) {
    if (!HeedError.isInstance(error)) throw error;
    expect(error.code).toBe(code);
    return error;
  }
  throw new Error(`expected a HeedError ${code}, but nothing was thrown`);
}

/** The gradients of Σ output∘cotangent, through the tape and without TensorFlow.js's own gradients. */
export function gradients(f: () => tf.Tensor, xs: tf.Tensor[], dy?: tf.Tensor): tf.Tensor[] {
  const engine = tf.engine() as unknown as {
    gradients(f: () => tf.Tensor, xs: tf.Tensor[], dy: tf.Tensor): { value: tf.Tensor; grads: tf.Tensor[] };
  };
  const shape = tf.tidy(() => f().shape);
  const { value, grads } = engine.gradients(f, xs, dy ?? tf.ones(shape));
  value.dispose();
  return grads;
}
