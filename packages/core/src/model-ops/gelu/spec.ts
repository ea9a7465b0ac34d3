import { defineModelOp } from '../define.js';

/** How Φ, the distribution function of the normal distribution, is computed: 'none' is exact, 'tanh' as GPT-2 has it. */
export type GeluApproximation = 'none' | 'tanh';

export interface GeluAttributes {
  readonly approximate: GeluApproximation;
}

export const geluSpec = defineModelOp<GeluAttributes>()({
  name: 'gelu',
  inputs: { x: { saved: true } },
  outputs: { y: {} },
});
