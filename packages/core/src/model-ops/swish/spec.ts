import { defineModelOp } from '../define.js';

export interface SwishAttributes {
  /** β: 1 makes it SiLU; for β → ∞ it becomes max(0, x). */
  readonly beta: number;
}

export const swishSpec = defineModelOp<SwishAttributes>()({
  name: 'swish',
  inputs: { x: { saved: true } },
  outputs: { y: {} },
});
