import type { Tensor } from '@tensorflow/tfjs-core';
import { isRecording } from '../../layers/engine.js';

/** A function of tensors. */
export type Op = (...inputs: Tensor[]) => Tensor;

/**
 * Computes by an engine's own kernel, or where a gradient is being taken by what is composed of ops whose gradients are right on every engine.
 */
export const composedWhereRecorded = (composed: Op, own: Op, ...inputs: Tensor[]): Tensor =>
  isRecording() ? composed(...inputs) : own(...inputs);
