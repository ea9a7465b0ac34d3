import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';

/** A letter for the length of an axis, or a multiple of one: 'B', '4H'; 1 for an axis of that length. */
export type Axis = string | 1;

export interface ModelInput {
  /** Absent where any shape will do. */
  readonly shape?: readonly Axis[];
  /**
   * A list of one or more tensors, of which there is one list in an op. 'sum': their sum is meant, so that all have the same
   * gradient. 'each': each has its own.
   */
  readonly list?: 'sum' | 'each';
  /** The backward pass gets it again. */
  readonly saved?: true;
  /** No gradient reaches it: tables, which aren't learnt. */
  readonly constant?: true;
}

export interface ModelOutput {
  readonly shape?: readonly Axis[];
  /** The backward pass gets it again. */
  readonly saved?: true;
  /** No caller sees it: it is there for the backward pass. */
  readonly hidden?: true;
}

/** A model op as dispatch reads it. Inputs and outputs are float32, in the order in which kernels take and give them. */
export interface ModelOp {
  readonly name: string;
  readonly inputs: Readonly<Record<string, ModelInput>>;
  readonly outputs: Readonly<Record<string, ModelOutput>>;
  /** false for an op that no gradient goes through. */
  readonly gradient?: false;
}

/** `attributes` is never there: it tells the type of what an op is given besides tensors. */
export interface WithAttributes<Attributes> {
  readonly attributes?: Attributes;
}

/** Checks a definition: `defineModelOp<Attributes>()({ … })`, as TypeScript infers all type parameters or none. */
export const defineModelOp =
  <Attributes extends object = Record<never, never>>() =>
  <const Op extends ModelOp>(op: Op): Op & WithAttributes<Attributes> =>
    op;

export type AttributesOf<Op> = Op extends WithAttributes<infer Attributes> ? Attributes : never;

/** A tensor, or the list of them that an input is. */
type Given<Input, T> = Input extends { readonly list: string } ? readonly T[] : T;

export type InputsOf<Op extends ModelOp, T = TensorInfo> = {
  readonly [Name in keyof Op['inputs']]: Given<Op['inputs'][Name], T>;
};

export type OutputsOf<Op extends ModelOp, T = TensorInfo> = { readonly [Name in keyof Op['outputs']]: T };

type Constant = { readonly constant: true };
type Hidden = { readonly hidden: true };
type Saved = { readonly saved: true };
type Gradient<Name> = `d${Capitalize<Name & string>}`;

/** The outputs that callers see. */
export type ResultsOf<Op extends ModelOp, T = Tensor> = {
  readonly [Name in keyof Op['outputs'] as Op['outputs'][Name] extends Hidden ? never : Name]: T;
};

/** What the backward pass gets: what was saved by its name, and dX for each output x that callers see. */
export type BackwardInputsOf<Op extends ModelOp, T = TensorInfo> = {
  readonly [Name in keyof Op['inputs'] as Op['inputs'][Name] extends Saved ? Name : never]: T;
} & {
  readonly [Name in keyof Op['outputs'] as Op['outputs'][Name] extends Saved ? Name : never]: T;
} & {
  readonly [Name in keyof Op['outputs'] as Op['outputs'][Name] extends Hidden ? never : Gradient<Name>]: T;
};

/** dX for each input x that isn't constant; of a list that is summed, the one gradient that all of its tensors have. */
export type GradientsOf<Op extends ModelOp, T = TensorInfo> = {
  readonly [
    Name in keyof Op['inputs'] as Op['inputs'][Name] extends Constant ? never : Gradient<Name>
  ]: Op['inputs'][Name] extends { readonly list: 'each' } ? readonly T[] : T;
};

interface ForwardPass<Op extends ModelOp, T = TensorInfo> {
  forward(inputs: InputsOf<Op, T>, attributes: AttributesOf<Op>): OutputsOf<Op, T>;
}

interface BackwardPass<Op extends ModelOp, T = TensorInfo> {
  backward(inputs: BackwardInputsOf<Op, T>, attributes: AttributesOf<Op>): GradientsOf<Op, T>;
}

/** The passes that a backend has kernels for; where one is missing, the composed form takes its place. */
export type ModelOpKernels<Op extends ModelOp> = Partial<ForwardPass<Op> & BackwardPass<Op>>;

/** An op made of TensorFlow.js ops, which every engine can run. */
export type ComposedModelOp<Op extends ModelOp> = Op extends { readonly gradient: false }
  ? ForwardPass<Op, Tensor>
  : ForwardPass<Op, Tensor> & BackwardPass<Op, Tensor>;
