import type * as tf from '@tensorflow/tfjs-core';
import type { Example, Instance, OutputName, ScoreSizes } from '../example.js';
import type { Round } from '../oracle/arithmetic.js';

/**
 * What the suite knows of an op: how its examples are laid out, how it is called, and what it means. All cases, the fuzzer and
 * what is drawn go by this.
 */
export interface TestedOp<E extends Example = Example> {
  /** Small example whose sizes all differ, so that a mix-up of axes is found; without options. */
  readonly plain: E;
  /** Sizes of the scores. */
  scores(example: E): ScoreSizes;
  /** Number of heads of keys and values. */
  keyHeads(example: E): number;
  /** Axes of the outputs before those of queries. */
  leading(example: E): readonly number[];
  /** Shapes of the outputs that this op alone has. */
  shapes?(example: E): Readonly<Partial<Record<OutputName, readonly number[]>>>;
  /** Shapes of the inputs by name, in the order of the op's arguments. */
  inputs(example: E): Readonly<Record<string, readonly number[]>>;
  /** Inputs that the op takes among its options. */
  readonly optional?: readonly string[];
  /** What the numbers of an input are, made of standard normal ones; as they are by default. */
  drawn?(example: E): Readonly<Record<string, (x: number) => number>>;
  /** Options that this op alone has, by name; those that the example leaves out are undefined. */
  options(example: E): Readonly<Record<string, unknown>>;
  /** Options that are made of inputs which the op doesn't have as such: hooks of what they capture, a normaliser of its parameter. */
  capturing?(example: E, tensors: Readonly<Record<string, tf.Tensor>>): object;
  /** Calls the public op, with tensors by name; what is given may be wrong. */
  run(tensors: Readonly<Record<string, tf.Tensor | undefined>>, options: object): Outputs;
  /** All outputs, by the definition. */
  forward(instance: Instance<E>, round: Round): Results;
  /** Gradients of Σ output∘cotangent by input, those of the bias's tensors included, by the definition. */
  backward(instance: Instance<E>, cotangents: Cotangents, round: Round): Readonly<Record<string, Float64Array>>;
}

/** Numbers of the outputs, those that aren't asked for included. */
type Results = Readonly<{ context: Float64Array } & Partial<Record<OutputName, Float64Array>>>;

/** Gradients of the loss in the outputs; one that is absent is 0. */
type Cotangents = Readonly<Partial<Record<OutputName, ArrayLike<number> | undefined>>>;

/** Outputs of an op. */
export type Outputs = Partial<Record<OutputName, tf.Tensor>>;

/** Examples of an op that differ from its plain one. */
export const examplesOf =
  <E extends Example>({ plain }: TestedOp<E>) =>
  (changes: Partial<E> = {}): E => ({ ...plain, ...changes });
