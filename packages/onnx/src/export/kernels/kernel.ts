import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { GraphType } from '../graph.js';
import type { GraphWriter } from '../graph-writer.js';
import type { Size } from '../sizes.js';
import type { TensorType, TracedNode } from '../traced.js';

/** An input of a call as its nodes read it. */
export interface Operand {
  /** Name of the value in the model. */
  readonly name: string;
  readonly shape: readonly Size[];
  readonly dtype: GraphType;
}

/** An output of a call, which is yet to be written. */
export type Result = Omit<Operand, 'name'>;

/** A call of a kernel in all traces at once. */
export interface Call {
  readonly kernel: string;
  /** In order. */
  readonly inputs: readonly Operand[];
  readonly outputs: readonly Result[];
  readonly write: GraphWriter;
  /** An input by its name; undefined where it was left out. */
  input(name: string): Operand;
  has(name: string): boolean;
  /** An attribute that is the same in all traces. @throws HeedError INVALID_ARGUMENT where it isn't */
  attribute<T>(name: string): T;
  /** What is the same in all traces. */
  same<T>(what: string, of: (node: TracedNode) => T): T;
  /** Numbers of each trace. */
  sizes(of: (node: TracedNode) => readonly number[]): readonly Size[];
  /** A step of a loop. @throws TypeError for what is no loop */
  body(): CallBody;
  /** Whether something of the graph needs an output. */
  isUsed(output: number): boolean;
  /** @throws HeedError INVALID_ARGUMENT with why the call can't become nodes */
  refuse(why: string): never;
}

/** A step of a loop, whose nodes are written apart. */
export interface CallBody {
  readonly parameters: readonly Result[];
  readonly results: readonly Result[];
  /** Writes the nodes of the step, given the names of its parameters, and returns the names of what it makes. */
  write(parameters: readonly string[]): readonly string[];
}

/** A kernel of TensorFlow.js, or of Heed, in terms of ONNX. */
export interface Kernel {
  /** Shapes and types of what the kernel gives. */
  infer(
    inputs: Readonly<Record<string, TensorInfo>>,
    attributes: Readonly<Record<string, unknown>>,
  ): readonly TensorType[];
  /** Writes the nodes that compute a call, and returns the names of its outputs; '' for one that nothing needs. */
  write(call: Call): readonly string[];
}

export type Kernels = Readonly<Record<string, Kernel>>;

/** Kernels whose outputs are known otherwise. */
export type Writers = Readonly<Record<string, Pick<Kernel, 'write'>>>;

export const typeOf = ({ shape, dtype }: TensorInfo): TensorType => ({ shape, dtype: dtype as GraphType });
