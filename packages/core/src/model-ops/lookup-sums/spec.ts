import { defineModelOp } from '../define.js';

/** Which rows of a table are added up, and where: output row `to[n]` gets `factors[n]` times the table's row `from[n]`. */
export interface RowSums {
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly factors: Float32Array;
  /** N: how many rows the output has. */
  readonly rows: number;
}

export interface RowSumAttributes extends RowSums {
  /** V: how many rows the table has. */
  readonly size: number;
}

export const lookupSumsSpec = defineModelOp<RowSumAttributes>()({
  name: 'lookupSums',
  inputs: { table: { shape: ['V', 'W'] } },
  outputs: { sums: { shape: ['N', 'W'] } },
});
