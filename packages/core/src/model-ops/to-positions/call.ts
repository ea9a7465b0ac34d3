import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { checkLength } from '../check.js';
import type { Direction } from '../reading.js';
import { runModelOp } from '../run.js';
import { composedToPositions } from './composed.js';
import { toPositionsSpec } from './spec.js';

/**
 * From one vector per step to one per position: out[b, p, :] is the concatenation over the directions of the vectors after
 * the step that read p; 0 past a row's end.
 *
 * @param states of each direction, per step [B, H]
 * @param lengths how many positions each row has, [B]
 * @returns [B, T, directions·H]
 * @throws HeedError SHAPE_MISMATCH
 */
export function toPositions(
  states: Readonly<Partial<Record<Direction, readonly Tensor2D[]>>>,
  lengths: Int32Array,
): Tensor3D {
  const directions = Object.keys(states) as Direction[];
  const time = states[directions[0]]!.length;
  const all = directions.flatMap((direction) => states[direction]!);
  checkLength('toPositions: states', all, directions.length * time);
  checkLength('toPositions: lengths', lengths, all[0].shape[0]);
  const attributes = { directions, lengths, time };
  return runModelOp(toPositionsSpec, composedToPositions, { states: all }, attributes).memory as Tensor3D;
}
