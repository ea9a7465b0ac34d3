import { defineModelOp } from '../define.js';
import type { Direction } from '../reading.js';

export interface ReadingAttributes {
  /** D directions; the states are those of the first, step by step, then those of the next. */
  readonly directions: readonly Direction[];
  /** How many positions each row has, [B]. */
  readonly lengths: Int32Array;
  /** T: steps, and positions. */
  readonly time: number;
}

export const toPositionsSpec = defineModelOp<ReadingAttributes>()({
  name: 'toPositions',
  inputs: { states: { shape: ['B', 'H'], list: 'each' } },
  outputs: {
    /** W = D·H */
    memory: { shape: ['B', 'T', 'W'] },
  },
});
