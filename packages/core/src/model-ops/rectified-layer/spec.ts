import { defineModelOp } from '../define.js';

export const rectifiedLayerSpec = defineModelOp()({
  name: 'rectifiedLayer',
  inputs: { x: { shape: ['N', 'W'] }, bias: { shape: ['W'] } },
  outputs: { y: { shape: ['N', 'W'], saved: true } },
});
