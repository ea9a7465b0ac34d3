import type { Tensor3D } from '@tensorflow/tfjs-core';
import { checkLength } from '../check.js';
import type { Direction } from '../reading.js';
import { runModelOp } from '../run.js';
import { composedToSteps } from './composed.js';
import { toStepsSpec } from './spec.js';

/**
 * From positions to steps: step t of row b is what the direction reads then; 0 past a row's end.
 *
 * @param x       [B, T, W]
 * @param lengths how many positions each row has, [B]
 * @returns [T, B, W]
 * @throws HeedError SHAPE_MISMATCH
 */
export function toSteps(x: Tensor3D, direction: Direction, lengths: Int32Array): Tensor3D {
  checkLength('toSteps: lengths', lengths, x.shape[0]);
  return runModelOp(toStepsSpec, composedToSteps, { x }, { direction, lengths }).steps as Tensor3D;
}
