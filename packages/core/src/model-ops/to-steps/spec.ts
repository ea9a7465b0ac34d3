import { defineModelOp } from '../define.js';
import type { Direction } from '../reading.js';

export interface StepAttributes {
  readonly direction: Direction;
  /** How many positions each row has, [B]. */
  readonly lengths: Int32Array;
}

export const toStepsSpec = defineModelOp<StepAttributes>()({
  name: 'toSteps',
  inputs: { x: { shape: ['B', 'T', 'W'] } },
  outputs: { steps: { shape: ['T', 'B', 'W'] } },
});
