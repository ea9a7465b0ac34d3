import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import type { EngineKernel } from './backend.js';
import { kernelOf, registerGradient, runKernel, runWithGradient } from './engine.js';
import { HeedError } from '@heed/base';
import {
  canonicalShape,
  gradientName,
  outputsOf,
  type ComposedForm,
  type Named,
  type Op,
  type OpKernels,
  type OpTypes,
} from './ops/define.js';
import { pathOf } from './path.js';
import type { AnyRequest } from './request.js';

/** A checked call of any op: what to compute, on what, and how where no kernel takes it. */
export interface Invocation {
  readonly op: Op;
  readonly request: AnyRequest;
  readonly composed: ComposedForm<OpTypes>;
  /** By name, without those that are absent. */
  readonly inputs: Named;
  /** The caller's shapes of the outputs where they aren't the canonical ones. */
  readonly shapes?: Named<readonly number[]>;
}

interface KernelAttributes {
  readonly request: AnyRequest;
  /** The names of the inputs, in the order in which they are passed. */
  readonly names: readonly string[];
  /** The caller's shapes of the outputs, in order. */
  readonly shapes: readonly (readonly number[])[];
}

/**
 * Runs a checked call on the path that `explain` tells.
 *
 * @returns the outputs by name, those that no caller sees disposed
 */
export function runOp(invocation: Invocation): Named {
  const { op, request, inputs, shapes: given = {} } = invocation;
  const outputNames = outputsOf(op, request);
  const shapes = outputNames.map((name) => given[name] ?? canonicalShape(op, request, name));
  const attributes = { request, names: Object.keys(inputs), shapes };
  const outputs = runOnPath(invocation, attributes, Object.values(inputs));
  const named = outputNames.map((name, i) => [name, outputs[i]] as const);
  for (const [name, output] of named) if (op.outputs[name].hidden) output.dispose();
  return Object.fromEntries(named.filter(([name]) => !op.outputs[name].hidden));
}

function runOnPath(
  { op, request, composed }: Invocation,
  attributes: KernelAttributes,
  tensors: readonly Tensor[],
): Tensor[] {
  const { names, shapes } = attributes;
  const outputNames = outputsOf(op, request);
  switch (pathOf(op, request).path) {
    case 'fused':
      return runKernel(op.kernelName, tensors, attributes);
    case 'empty':
      return runWithGradient(
        tensors,
        () => outputNames.map((name, i) => tf.fill([...shapes[i]], op.outputs[name].empty ?? 0)),
        () => [],
        () => tensors.map((tensor) => tf.zerosLike(tensor)),
      );
    case 'composed':
      return runWithGradient(
        tensors,
        () => {
          const outputs = composed.forward(reshaped(op, request, names, tensors), request) as Named;
          return outputNames.map((name, i) => tf.reshape(outputs[name], [...shapes[i]]));
        },
        (outputs) => outputs.filter((_, i) => op.outputs[outputNames[i]].saved),
        (dys, saved) =>
          tf.tidy(() => {
            const extra = backwardInputs(op, request, saved.slice(names.length), dys);
            const all = reshaped(
              op,
              request,
              [...names, ...Object.keys(extra)],
              [...saved.slice(0, names.length), ...Object.values(extra)],
            );
            return inInputShapes(names, saved, composed.backward(all, request) as Named);
          }),
      );
  }
}

const gradientKernel = ({ kernelName }: Op): string => `${kernelName}Grad`;

/** What a selected backend adds to the kernel registry of its engine for an op: both passes. */
export function fusedKernels(op: Op, kernels: OpKernels<OpTypes>): EngineKernel[] {
  return [
    {
      kernelName: op.kernelName,
      kernelFunc: ({ inputs, attrs }) => {
        const { request, names, shapes } = attrs as unknown as KernelAttributes;
        const outputs = kernels.forward(viewed(op, request, names, inputs), request) as Named<TensorInfo>;
        return outputsOf(op, request).map((name, i) => inShape(outputs[name], shapes[i]));
      },
    },
    {
      kernelName: gradientKernel(op),
      kernelFunc: ({ inputs, attrs }) => {
        const { request, names } = attrs as unknown as KernelAttributes;
        const gradients = kernels.backward(viewed(op, request, names, inputs), request) as Named<TensorInfo>;
        return differentiable(op, names).map((name) => gradients[gradientName(name)]);
      },
    },
  ];
}

/** Teaches TensorFlow.js's tape the gradient of an op's fused kernel, once for all engines. */
export function registerOpGradient(op: Op): void {
  // Marks by position; without weights there are fewer outputs than marks, which is harmless.
  const marks = Object.values(op.outputs).map(({ saved = false }) => saved);
  registerGradient(op.kernelName, marks, (dys, saved, attributes) => {
    const { request, names } = attributes as KernelAttributes;
    if (kernelOf(gradientKernel(op)) === undefined) {
      tf.dispose(saved); // TensorFlow.js doesn't when a gradient throws
      throw new HeedError('DISPOSED', {
        message: `${op.name}: engine '${tf.getBackend()}' has no backward kernel`,
        hint: 'the backend was disposed, or another was selected, between the forward and the backward pass',
      });
    }
    const extra = backwardInputs(op, request, saved.slice(names.length), dys);
    const gradients = runKernel(gradientKernel(op), [...saved.slice(0, names.length), ...Object.values(extra)], {
      request,
      names: [...names, ...Object.keys(extra)],
      shapes: [],
    } satisfies KernelAttributes);
    const named = differentiable(op, names).map((name, i) => [gradientName(name), gradients[i]] as const);
    return inInputShapes(names, saved, Object.fromEntries(named));
  });
}

/** Those of the names that are inputs with a gradient, in the order of the op's definition. */
function differentiable({ inputs }: Op, names: readonly string[]): string[] {
  return Object.keys(inputs).filter((name) => inputs[name].differentiable && names.includes(name));
}

/** Saved outputs and the gradients of all outputs that callers see, by name. */
function backwardInputs(op: Op, request: AnyRequest, saved: readonly Tensor[], dys: readonly Tensor[]): Named {
  const savedNames = Object.keys(op.outputs).filter((name) => op.outputs[name].saved);
  return Object.fromEntries([
    ...savedNames.map((name, i) => [name, saved[i]] as const),
    ...outputsOf(op, request).flatMap((name, i) =>
      op.outputs[name].hidden ? [] : [[gradientName(name), dys[i]] as const],
    ),
  ]);
}

/** One gradient per input, in the caller's shape; masks have none. */
function inInputShapes(names: readonly string[], inputs: readonly Tensor[], gradients: Named): Tensor[] {
  return names.map((name, i) => {
    const gradient = gradients[gradientName(name)];
    return gradient === undefined ? tf.zerosLike(inputs[i]) : tf.reshape(gradient, inputs[i].shape);
  });
}

function reshaped(op: Op, request: AnyRequest, names: readonly string[], tensors: readonly Tensor[]): Named {
  return Object.fromEntries(
    names.map((name, i) => [name, tf.reshape(tensors[i], [...canonicalShape(op, request, name)])]),
  );
}

/** The same data under the canonical shapes: kernels get a description, so no op is needed. */
function viewed(op: Op, request: AnyRequest, names: readonly string[], inputs: object): Named<TensorInfo> {
  const infos = Object.values(inputs) as TensorInfo[];
  return Object.fromEntries(names.map((name, i) => [name, withShape(infos[i], canonicalShape(op, request, name))]));
}

/** A kernel's output in the caller's shape; kernels may return descriptions or tensors. */
function inShape(output: TensorInfo, shape: readonly number[]): TensorInfo {
  if (tf.util.arraysEqual(output.shape, [...shape])) return output;
  return output instanceof tf.Tensor ? tf.reshape(output, [...shape]) : withShape(output, shape);
}

function withShape({ dataId, dtype }: TensorInfo, shape: readonly number[]): TensorInfo {
  return { dataId, dtype, shape: [...shape] };
}
