import { defineModelOp } from '../define.js';

export const tanhLayerSpec = defineModelOp()({
  name: 'tanhLayer',
  inputs: { terms: { shape: ['N', 'W'], list: 'sum' }, bias: { shape: ['W'] } },
  outputs: { y: { shape: ['N', 'W'], saved: true } },
});
