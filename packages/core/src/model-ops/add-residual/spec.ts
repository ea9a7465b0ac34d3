import { defineModelOp } from '../define.js';

export const addResidualSpec = defineModelOp()({
  name: 'addResidual',
  inputs: { x: { shape: ['N', 'W'] }, y: { shape: ['N', 'W'] }, bias: { shape: ['W'] } },
  outputs: { sum: { shape: ['N', 'W'] } },
});
