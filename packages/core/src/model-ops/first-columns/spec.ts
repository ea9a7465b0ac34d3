import { defineModelOp } from '../define.js';

export interface ColumnAttributes {
  /** C: how many columns are taken. */
  readonly count: number;
  /** W: how many there are. */
  readonly width: number;
}

export const firstColumnsSpec = defineModelOp<ColumnAttributes>()({
  name: 'firstColumns',
  inputs: { x: { shape: ['N', 'W'] } },
  outputs: { y: { shape: ['N', 'C'] } },
});
