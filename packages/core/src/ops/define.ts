import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import type { AnyRequest } from '../request.js';

/** Tensors, or what describes them, by name. One that a request has no use for is absent. */
export type Named<T = Tensor> = Readonly<Record<string, T>>;

/** The same names with tensors, where the types of an op have descriptions of tensors. */
export type Tensors<T> = { [Name in keyof T]: T[Name] extends TensorInfo ? Tensor : Tensor | undefined };

/** The types that an op is made of. Those of tensors are type aliases, which may be read by name where interfaces may not. */
export interface OpTypes {
  readonly request: AnyRequest;
  readonly inputs: Named<TensorInfo | undefined>;
  readonly outputs: Named<TensorInfo | undefined>;
  /** What the backward pass gets besides the inputs: saved outputs by their names, and dX for each output x that callers see. */
  readonly cotangents: Named<TensorInfo | undefined>;
  /** dX for each differentiable input x that is there. */
  readonly gradients: Named<TensorInfo | undefined>;
}

/** The forward and the backward pass of an op on an engine. */
export interface OpKernels<T extends OpTypes> {
  forward(inputs: T['inputs'], request: T['request']): T['outputs'];
  backward(inputs: T['inputs'] & T['cotangents'], request: T['request']): T['gradients'];
}

/** The same made of TensorFlow.js ops, which every engine can run. */
export interface ComposedForm<T extends OpTypes> {
  forward(inputs: Tensors<T['inputs']>, request: T['request']): Tensors<T['outputs']>;
  backward(inputs: Tensors<T['inputs'] & T['cotangents']>, request: T['request']): Tensors<T['gradients']>;
}

export interface InputSpec<Request> {
  /** The shape with which kernels see it, whatever the caller's rank was. */
  shape(request: Request): readonly number[];
  readonly differentiable?: true;
}

export interface OutputSpec<Request> {
  shape(request: Request): readonly number[];
  /** Whether the request asks for it; absent: always. */
  isAsked?(request: Request): boolean;
  /** The backward pass gets it again. */
  readonly saved?: true;
  /** No caller sees it, so that it has no gradient. */
  readonly hidden?: true;
  /** What it is where there are no keys; 0 by default. */
  readonly empty?: number;
}

/**
 * Which entry of a backend's declaration has to allow a field of the request: its parts, its value, its size, or that it is
 * used at all. 'always' is what every kernel of the op takes.
 */
export type FieldRole = 'masks' | 'biases' | 'normalizers' | 'options' | 'limits' | 'always';

/** An op as dispatch reads it: how its tensors are named and shaped. Everything about running one follows from it. */
export interface Op {
  readonly name: string;
  /** The name in TensorFlow.js's kernel registry; its gradient's kernel adds 'Grad'. */
  readonly kernelName: string;
  readonly inputs: Named<InputSpec<AnyRequest>>;
  /** In the order in which kernels give them; the context first. */
  readonly outputs: Named<OutputSpec<AnyRequest>>;
  readonly fields: Named<FieldRole>;
  /** Whether the outputs are known without computing; by default when there are no queries or no keys. */
  isEmpty?(request: AnyRequest): boolean;
}

/** An op as it is defined: every tensor and every field of its request has an entry. */
export type OpSpec<T extends OpTypes> = {
  readonly name: T['request']['op'];
  readonly kernelName: string;
  readonly inputs: { readonly [Name in keyof T['inputs']]-?: InputSpec<T['request']> };
  readonly outputs: { readonly [Name in keyof T['outputs']]-?: OutputSpec<T['request']> };
  readonly fields: { readonly [Field in Exclude<keyof T['request'], 'op'>]: FieldRole };
  isEmpty?(request: T['request']): boolean;
};

/** An op of known types; `types` is never there, and tells them to `TypesOf`. */
export type Typed<T extends OpTypes> = { readonly types?: T };
export type TypesOf<S> = S extends Typed<infer T> ? T : never;

/** Checks an op's definition against its types: `defineOp<Types>()({ … })`, as TypeScript infers all type parameters or none. */
export const defineOp =
  <T extends OpTypes>() =>
  <const Spec extends OpSpec<T>>(spec: Spec): Spec & Typed<T> =>
    spec;

export const gradientName = (name: string): string => `d${name[0].toUpperCase()}${name.slice(1)}`;

/** Names of the outputs that a request has, in order. */
export function outputsOf({ outputs }: Op, request: AnyRequest): readonly string[] {
  return Object.keys(outputs).filter((name) => outputs[name].isAsked?.(request) ?? true);
}

/** The shape with which kernels see a tensor: an input, an output, or an output's gradient. */
export function canonicalShape({ inputs, outputs }: Op, request: AnyRequest, name: string): readonly number[] {
  if (name in inputs) return inputs[name].shape(request);
  const output = Object.keys(outputs).find((output) => name === output || name === gradientName(output));
  return outputs[output!].shape(request);
}
