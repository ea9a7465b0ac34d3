import { defineModelOp } from '../define.js';

export interface Conv2dAttributes {
  /** Rows and columns from one place of the filter to the next. */
  readonly strides: readonly [number, number];
  /** Rows of zeros above and below x. */
  readonly padRows: readonly [number, number];
  /** Columns of zeros left and right of x. */
  readonly padColumns: readonly [number, number];
}

/** x [B, H, W, C] under filters of K × L places and C channels: y [B, P, Q, O]. */
export const conv2dSpec = defineModelOp<Conv2dAttributes>()({
  name: 'conv2d',
  inputs: {
    x: { shape: ['B', 'H', 'W', 'C'], saved: true },
    filter: { shape: ['K', 'L', 'C', 'O'], saved: true },
  },
  outputs: { y: { shape: ['B', 'P', 'Q', 'O'] } },
});
