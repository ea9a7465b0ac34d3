import type { RowAttributes } from '../active-rows.js';
import { defineModelOp } from '../define.js';

/** `candidate` is unspecified in rows that are not active. */
export const gruUpdateSpec = defineModelOp<RowAttributes>()({
  name: 'gruUpdate',
  inputs: {
    terms: { shape: ['B', 'H'], list: 'sum' },
    /** [r∘h | z] of `gruReset`; only z is read. */
    opened: { shape: ['B', '2H'], saved: true },
    /** h */
    state: { shape: ['B', 'H'], saved: true },
  },
  outputs: {
    /** h' */
    next: { shape: ['B', 'H'] },
    /** tanh of the sum of the terms. */
    candidate: { shape: ['B', 'H'], saved: true, hidden: true },
  },
});
