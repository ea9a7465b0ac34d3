import { defineModelOp } from '../define.js';
import type { GeluAttributes } from '../gelu/spec.js';

export const geluLayerSpec = defineModelOp<GeluAttributes>()({
  name: 'geluLayer',
  inputs: { x: { shape: ['N', 'W'], saved: true }, bias: { shape: ['W'], saved: true } },
  outputs: { y: { shape: ['N', 'W'] } },
});
