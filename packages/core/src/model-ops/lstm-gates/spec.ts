import type { RowAttributes } from '../active-rows.js';
import { defineModelOp } from '../define.js';

/** `gates` are unspecified in rows that are not active. */
export const lstmGatesSpec = defineModelOp<RowAttributes>()({
  name: 'lstmGates',
  inputs: {
    terms: { shape: ['B', '4H'], list: 'sum' },
    /** [h | c] */
    state: { shape: ['B', '2H'], saved: true },
  },
  outputs: {
    /** [h' | c'] */
    next: { shape: ['B', '2H'] },
    /** [i | f | g | o | tanh c'] */
    gates: { shape: ['B', '5H'], saved: true, hidden: true },
  },
});
