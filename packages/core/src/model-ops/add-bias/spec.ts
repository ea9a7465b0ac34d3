import { defineModelOp } from '../define.js';

export const addBiasSpec = defineModelOp()({
  name: 'addBias',
  inputs: { x: { shape: ['N', 'W'] }, bias: { shape: ['W'] } },
  outputs: { y: { shape: ['N', 'W'] } },
});
