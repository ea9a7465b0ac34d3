import { defineModelOp } from '../define.js';

export const squaredReluSpec = defineModelOp()({
  name: 'squaredRelu',
  inputs: { x: { shape: ['N', 'W'], saved: true } },
  outputs: { y: { shape: ['N', 'W'] } },
});
