import { defineModelOp } from '../define.js';

export const maxoutLayerSpec = defineModelOp()({
  name: 'maxoutLayer',
  inputs: { terms: { shape: ['N', '2W'], list: 'sum' }, bias: { shape: ['2W'] } },
  outputs: {
    y: { shape: ['N', 'W'] },
    /** Σ terms + bias */
    pieces: { shape: ['N', '2W'], saved: true, hidden: true },
  },
});
