import type { Tensor } from '@tensorflow/tfjs-core';
import { HeedError } from '@heed/base';
import { runModelOp } from '../run.js';
import { composedAdam } from './composed.js';
import { adamSpec, type AdamAttributes } from './spec.js';

/** All of one shape. A type alias, which `tf.tidy` accepts as a result where it refuses an interface. */
export type AdamInputs = {
  readonly value: Tensor;
  readonly gradient: Tensor;
  /** The running mean of the gradient. */
  readonly mean: Tensor;
  /** The running mean of its square. */
  readonly square: Tensor;
};

/** The caller's to dispose. */
export type AdamStep = {
  readonly nextValue: Tensor;
  readonly nextMean: Tensor;
  readonly nextSquare: Tensor;
};

/**
 * One step of Adam on one parameter: with g = scale·gradient, m = β₁·mean + (1 − β₁)·g and v = β₂·square + (1 − β₂)·g²,
 * the next value is value − rate·m / (√v + ε). No gradient goes through it.
 *
 * @throws HeedError SHAPE_MISMATCH
 * @see Kingma & Ba 2014, arXiv:1412.6980, algorithm 1 in the efficient order of its §2
 */
export function adam(inputs: AdamInputs, attributes: AdamAttributes): AdamStep {
  const { value, gradient, mean, square } = inputs;
  for (const [name, { shape }] of Object.entries({ gradient, mean, square })) {
    if (shape.join() === value.shape.join()) continue;
    throw new HeedError('SHAPE_MISMATCH', {
      message: `adam: ${name} has shape [${shape}], value has [${value.shape}]`,
      hint: 'all four have one shape',
      details: { value: value.shape, [name]: shape },
    });
  }
  return runModelOp(adamSpec, composedAdam, { value, gradient, mean, square }, attributes);
}
