import { defineModelOp } from '../define.js';

export const gruResetSpec = defineModelOp()({
  name: 'gruReset',
  inputs: {
    terms: { shape: ['B', '2H'], list: 'sum' },
    /** h */
    state: { shape: ['B', 'H'], saved: true },
  },
  outputs: {
    /** [r∘h | z] */
    opened: { shape: ['B', '2H'] },
    /** [r | z] */
    gates: { shape: ['B', '2H'], saved: true, hidden: true },
  },
});
