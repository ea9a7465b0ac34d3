import type * as tf from '@tensorflow/tfjs-core';
import { HeedError, type Explanation } from '@heed/core';
import type { VectorCase } from './vector-case.js';

/** How Heed computes the cases of a mechanism. */
export type Mapping = (test: VectorCase) => Mapped;

export interface Mapped {
  /** The computation, of the case's inputs: its outputs by their names. Gradients flow through it. */
  run(inputs: Readonly<Record<string, tf.Tensor>>): Readonly<Record<string, tf.Tensor>>;
  /** Outputs that are plain numbers. */
  readonly numbers?: Readonly<Record<string, ArrayLike<number>>>;
  /** How it runs on the backend in use. */
  readonly path: Explanation['path'];
  readonly reasons: readonly string[];
}

/** Throws that a case can't be mapped, which is its failure. */
export function cannot({ mechanism }: VectorCase, why: string): never {
  throw new HeedError('INVALID_ARGUMENT', { message: `${mechanism}: ${why}` });
}

/** A number among the options. */
export function numberIn(test: VectorCase, name: string): number {
  const value = test.options[name];
  return typeof value === 'number' ? value : cannot(test, `options.${name} is ${JSON.stringify(value)}, no number`);
}
