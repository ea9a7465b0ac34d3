import * as tf from '@tensorflow/tfjs-core';
import type { AttentionBackend } from './backend.js';

export interface Selection {
  /** As `selectBackend` gave it. */
  readonly backend: AttentionBackend;
  /** Takes the backend's kernels out and puts the engine's own back. */
  readonly deactivate: () => void;
}

/** The backend selected on each engine: module state because TensorFlow.js's kernel registry is global too. */
export const selections = new Map<string, Selection>();

/** The backend whose kernels the ops use now: the one selected on TensorFlow.js's engine in use. */
export function activeBackend(): AttentionBackend | undefined {
  return selections.get(tf.getBackend())?.backend;
}
