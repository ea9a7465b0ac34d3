import type { DataTypeMap } from '@tensorflow/tfjs-core';
import type { GraphType } from './graph.js';

/** Numbers of a tensor in row-major order, as TensorFlow.js keeps them. */
export type Values = DataTypeMap[GraphType];

export interface TensorType {
  readonly shape: readonly number[];
  readonly dtype: GraphType;
}

/** Where a value of a trace comes from. */
export type Origin =
  | { readonly kind: 'input'; readonly name: string }
  /** What a step of a loop is given. */
  | { readonly kind: 'parameter'; readonly index: number }
  /** Numbers that were there before: parameters, and what is made of sizes. */
  | { readonly kind: 'host'; readonly values: Values; readonly name?: string }
  | { readonly kind: 'node'; readonly node: TracedNode; readonly index: number };

export interface TracedValue extends TensorType {
  readonly origin: Origin;
  /** Whether it depends on no input of the graph. */
  readonly isKnown: boolean;
}

export interface KernelCall {
  readonly kernel: string;
  /** Names of the inputs, in order. */
  readonly names: readonly string[];
  readonly inputs: readonly TracedValue[];
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** A call of a kernel that was recorded. */
export interface TracedNode extends KernelCall {
  readonly outputs: readonly TracedValue[];
  /** A step, of a loop. */
  readonly body?: TracedBody;
}

/** What a step of a loop makes of its parameters; values of around it are inputs of the loop. */
export interface TracedBody {
  readonly parameters: readonly TracedValue[];
  readonly results: readonly TracedValue[];
}
