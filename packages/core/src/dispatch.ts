import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import type { AttentionBackend, EngineKernel, OpRequest } from './backend.js';
import { composedKernels } from './composed/index.js';
import { hasKernel, registerGradient, runKernel, runWithGradient } from './engine.js';
import { HeedError } from './errors.js';
import { OPS, canonicalShape, gradientName, outputsOf } from './op-table.js';
import { pathOf } from './path.js';

/** Tensors by name; those that are absent are left out. */
export type Named<T = Tensor> = Readonly<Record<string, T>>;

interface KernelAttributes {
  readonly request: OpRequest;
  /** The names of the inputs, in the order in which they are passed. */
  readonly names: readonly string[];
  /** The caller's shapes of the outputs, in order. */
  readonly shapes: readonly (readonly number[])[];
}

type AnyKernel = (inputs: Named<TensorInfo>, request: OpRequest) => Named<TensorInfo>;

/**
 * Runs a checked request on the path that `explain` tells.
 *
 * @param outputShapes the caller's shapes where they aren't the canonical ones
 * @returns the outputs by name, those that no caller sees disposed
 */
export function runOp(request: OpRequest, inputs: Named, outputShapes: Named<readonly number[]> = {}): Named {
  const outputNames = outputsOf(request);
  const shapes = outputNames.map((name) => outputShapes[name] ?? canonicalShape(request, name));
  const outputs = runOnPath({ request, names: Object.keys(inputs), shapes }, Object.values(inputs));
  const named = Object.fromEntries(outputNames.map((name, i) => [name, outputs[i]]));
  for (const name of OPS[request.op].hidden) {
    named[name].dispose();
    delete named[name];
  }
  return named;
}

function runOnPath(attributes: KernelAttributes, tensors: readonly Tensor[]): Tensor[] {
  const { request, names, shapes } = attributes;
  const spec = OPS[request.op];
  const outputNames = outputsOf(request);
  switch (pathOf(request).path) {
    case 'fused':
      return runKernel(spec.kernelName, tensors, attributes);
    case 'empty':
      return runWithGradient(
        tensors,
        () => outputNames.map((name, i) => emptyOutput(name, shapes[i])),
        () => [],
        () => tensors.map((tensor) => tf.zerosLike(tensor)),
      );
    case 'composed':
      return runWithGradient(
        tensors,
        () => {
          const outputs = composed(request.op)(reshaped(request, names, tensors), request) as Named;
          return outputNames.map((name, i) => tf.reshape(outputs[name], [...shapes[i]]));
        },
        (outputs) => outputs.filter((_, i) => spec.saved.includes(outputNames[i])),
        (dys, saved) =>
          tf.tidy(() => {
            const extra = backwardInputs(request, saved.slice(names.length), dys);
            const all = reshaped(
              request,
              [...names, ...Object.keys(extra)],
              [...saved.slice(0, names.length), ...Object.values(extra)],
            );
            const gradients = composed(spec.gradient)(all, request) as Named;
            return inInputShapes(names, saved, gradients);
          }),
      );
  }
}

/** What a selected backend adds to the kernel registry of its engine: each op, forward and backward. */
export function fusedKernels(backend: AttentionBackend): EngineKernel[] {
  const kernels = backend.kernels as unknown as Record<string, AnyKernel>;
  return Object.entries(OPS).flatMap(([op, spec]) => [
    {
      kernelName: spec.kernelName,
      kernelFunc: ({ inputs, attrs }) => {
        const { request, names, shapes } = attrs as unknown as KernelAttributes;
        const outputs = kernels[op](viewed(request, names, inputs), request);
        return outputsOf(request).map((name, i) => inShape(outputs[name], shapes[i]));
      },
    },
    {
      kernelName: `${spec.kernelName}Grad`,
      kernelFunc: ({ inputs, attrs }) => {
        const { request, names } = attrs as unknown as KernelAttributes;
        const gradients = kernels[spec.gradient](viewed(request, names, inputs), request);
        return spec.differentiable.filter((name) => names.includes(name)).map((name) => gradients[gradientName(name)]);
      },
    },
  ]);
}

/** Teaches TensorFlow.js's tape the gradients of the fused kernels, once for all engines. */
export function registerGradients(): void {
  for (const spec of Object.values(OPS)) {
    // Marks by position; without weights there are fewer outputs than marks, which is harmless.
    const marks = spec.outputs.map((name) => spec.saved.includes(name));
    registerGradient(spec.kernelName, marks, (dys, saved, attributes) => {
      const { request, names } = attributes as KernelAttributes;
      const kernelName = `${spec.kernelName}Grad`;
      if (!hasKernel(kernelName)) {
        tf.dispose(saved); // TensorFlow.js doesn't when a gradient throws
        throw new HeedError('DISPOSED', {
          message: `${request.op}: engine '${tf.getBackend()}' has no backward kernel`,
          hint: 'the backend was disposed, or another was selected, between the forward and the backward pass',
        });
      }
      const extra = backwardInputs(request, saved.slice(names.length), dys);
      const gradients = runKernel(kernelName, [...saved.slice(0, names.length), ...Object.values(extra)], {
        request,
        names: [...names, ...Object.keys(extra)],
        shapes: [],
      } satisfies KernelAttributes);
      const differentiable = spec.differentiable.filter((name) => names.includes(name));
      const named = Object.fromEntries(differentiable.map((name, i) => [gradientName(name), gradients[i]]));
      return inInputShapes(names, saved, named);
    });
  }
}

function composed(name: keyof typeof composedKernels): (inputs: Named, request: OpRequest) => object {
  return composedKernels[name] as unknown as (inputs: Named, request: OpRequest) => object;
}

/** Saved outputs and the gradients of all outputs that callers see, by name. */
function backwardInputs(request: OpRequest, savedOutputs: readonly Tensor[], dys: readonly Tensor[]): Named {
  const { saved, hidden } = OPS[request.op];
  return Object.fromEntries([
    ...saved.map((name, i) => [name, savedOutputs[i]] as const),
    ...outputsOf(request).flatMap((name, i) => (hidden.includes(name) ? [] : [[gradientName(name), dys[i]] as const])),
  ]);
}

/** One gradient per input, in the caller's shape; masks have none. */
function inInputShapes(names: readonly string[], inputs: readonly Tensor[], gradients: Named): Tensor[] {
  return names.map((name, i) => {
    const gradient = gradients[gradientName(name)];
    return gradient === undefined ? tf.zerosLike(inputs[i]) : tf.reshape(gradient, inputs[i].shape);
  });
}

function reshaped(request: OpRequest, names: readonly string[], tensors: readonly Tensor[]): Named {
  return Object.fromEntries(names.map((name, i) => [name, tf.reshape(tensors[i], [...canonicalShape(request, name)])]));
}

/** The same data under the canonical shapes: kernels get a description, so no op is needed. */
function viewed(request: OpRequest, names: readonly string[], inputs: object): Named<TensorInfo> {
  const infos = Object.values(inputs) as TensorInfo[];
  return Object.fromEntries(names.map((name, i) => [name, withShape(infos[i], canonicalShape(request, name))]));
}

/** A kernel's output in the caller's shape; kernels may return descriptions or tensors. */
function inShape(output: TensorInfo, shape: readonly number[]): TensorInfo {
  if (tf.util.arraysEqual(output.shape, [...shape])) return output;
  return output instanceof tf.Tensor ? tf.reshape(output, [...shape]) : withShape(output, shape);
}

function withShape({ dataId, dtype }: TensorInfo, shape: readonly number[]): TensorInfo {
  return { dataId, dtype, shape: [...shape] };
}

/** Without keys (or without anything): context and weights are 0, logSumExp is −∞. */
function emptyOutput(name: string, shape: readonly number[]): Tensor {
  return name === 'logSumExp' ? tf.fill([...shape], -Infinity) : tf.zeros([...shape]);
}
