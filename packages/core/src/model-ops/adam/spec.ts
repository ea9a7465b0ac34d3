import { defineModelOp } from '../define.js';

export interface AdamAttributes {
  /** The learning rate, corrected for the slots having started at 0. */
  readonly rate: number;
  /** ε, corrected likewise. */
  readonly epsilon: number;
  /** What the gradient is multiplied with first. */
  readonly scale: number;
  readonly beta1: number;
  readonly beta2: number;
}

/** All tensors have one shape, whatever it is. */
export const adamSpec = defineModelOp<AdamAttributes>()({
  name: 'adam',
  inputs: { value: {}, gradient: {}, mean: {}, square: {} },
  outputs: { nextValue: {}, nextMean: {}, nextSquare: {} },
  gradient: false,
});
