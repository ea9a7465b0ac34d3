import * as tf from '@tensorflow/tfjs-core';
import type { SelectedBackend } from './backend.js';
import type { Op } from './ops/define.js';
import type { AnyRequest } from './request.js';

export interface Selection {
  /** As `selectBackend` gave it. */
  readonly backend: SelectedBackend;
  /** Why the backend's kernels don't take a request of an op; `[]` when they do. */
  readonly reasonsAgainst: (op: Op, request: AnyRequest) => readonly string[];
  /** Takes the backend's kernels out and puts the engine's own back. */
  readonly deactivate: () => void;
}

/** The backend selected on each engine: module state because TensorFlow.js's kernel registry is global too. */
export const selections = new Map<string, Selection>();

/** The selection on TensorFlow.js's engine in use. */
export const activeSelection = (): Selection | undefined => selections.get(tf.getBackend());

/** The backend whose kernels the ops use now: the one selected on TensorFlow.js's engine in use. */
export function activeBackend(): SelectedBackend | undefined {
  return activeSelection()?.backend;
}

/** Engines of TensorFlow.js itself that are read by promises, whatever backend is selected on them: one read at once loses the device. */
const READ_BY_PROMISE: ReadonlySet<string> = new Set(['webgpu']);

/** Whether numbers of tensors can be had at once, by `dataSync`, on TensorFlow.js's engine in use. */
export const canReadAtOnce = (): boolean =>
  activeBackend()?.readsByPromise !== true && !READ_BY_PROMISE.has(tf.getBackend());
