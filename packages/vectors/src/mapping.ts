import type * as tf from '@tensorflow/tfjs-core';
import { HeedError, type Explanation } from '@heed/core';
import type { VectorCase } from './vector-case.js';

/** How Heed computes the cases of a mechanism. */
export type Mapping = (test: VectorCase) => Mapped;

/** Tensors of a case by their names, without the word before the slash. */
export type NamedTensors = Readonly<Record<string, tf.Tensor>>;

/**
 * Computes a case: its outputs by their names, new tensors, of its inputs `in/…` and its parameters `param/…`. Gradients flow through it.
 *
 * @param first step of the case with which the inputs begin: 0, unless a case is computed in pieces
 */
export type Compute = (inputs: NamedTensors, parameters: NamedTensors, first: number) => NamedTensors;

export interface Mapped {
  readonly run: Compute;
  /**
   * Variables of a mechanism that hold the case's parameters, by the names that the case has for them: `run` uses them, and gradients of
   * the parameters are gradients in them. A parameter that isn't here is a tensor that `run` is given.
   */
  readonly variables?: NamedTensors;
  /** How the case goes on from a state, where it does: it is then computed in two pieces too, which must give the same. */
  readonly carried?: Carried;
  /** Outputs that are plain numbers. */
  readonly numbers?: Readonly<Record<string, ArrayLike<number>>>;
  /**
   * Where the case expects NaN because a row has no key, and Heed has numbers on purpose: those of outputs by their names. Other outputs and
   * gradients must be finite there.
   */
  readonly inPlaceOfNaN?: Readonly<Record<string, number>>;
  /** How it runs on the backend in use. */
  readonly path: Explanation['path'];
  readonly reasons: readonly string[];
  /** Frees what the mapping made, the variables say. */
  dispose?(): void;
}

/** A computation over steps that can stop and go on. */
export interface Carried {
  /** Number of steps. */
  readonly steps: number;
  /** Inputs that have an axis of steps, and which it is. */
  readonly inputs: Readonly<Record<string, number>>;
  /** Outputs that have an axis of steps, and which it is. */
  readonly outputs: Readonly<Record<string, number>>;
  /** Outputs that are states: `state` after the last step is the input `state0` of the next. */
  readonly states: readonly string[];
  /** Input [B] that counts the steps of each row. */
  readonly lengths?: string;
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

/** A choice among the options; false when it isn't there. */
export function flagIn(test: VectorCase, name: string): boolean {
  const value = test.options[name] ?? false;
  return typeof value === 'boolean'
    ? value
    : cannot(test, `options.${name} is ${JSON.stringify(value)}, not true or false`);
}

/** Refuses a case with an option that the mapping doesn't know. */
export function checkOptions(test: VectorCase, known: readonly string[]): void {
  const unknown = Object.keys(test.options).filter((name) => !known.includes(name));
  if (unknown.length > 0) cannot(test, `there is no option ${unknown.join(', ')}; the options are ${known.join(', ')}`);
}
