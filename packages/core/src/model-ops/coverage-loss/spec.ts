import { defineModelOp } from '../define.js';

export interface CountAttributes {
  /** What each row counts, [N]. */
  readonly counts: Float32Array;
}

export const coverageLossSpec = defineModelOp<CountAttributes>()({
  name: 'coverageLoss',
  inputs: {
    weights: { shape: ['N', 'S'], saved: true },
    coverage: { shape: ['N', 'S'], saved: true },
  },
  outputs: { loss: { shape: [] } },
});
