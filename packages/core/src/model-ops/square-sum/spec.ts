import { defineModelOp } from '../define.js';

export const squareSumSpec = defineModelOp()({
  name: 'squareSum',
  inputs: { tensors: { list: 'each' } },
  outputs: { sum: { shape: [] } },
  gradient: false,
});
