import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { EngineKernel } from '../backend.js';
import type { ModelOp } from './define.js';
import { layoutOf, type InputLayout } from './layout.js';
import { MODEL_OPS, type ModelKernels, type ModelOpName } from './table.js';

type Given = Readonly<Record<string, TensorInfo | readonly TensorInfo[]>>;
type Pass = (inputs: Given, attributes: object) => Given;

/** What a backend with kernels for model ops puts among its `engineKernels`. */
export const modelKernels = (kernels: ModelKernels): EngineKernel[] =>
  Object.values<ModelOp>(MODEL_OPS).flatMap((op) => engineKernelsOf(op, kernels[op.name as ModelOpName]));

/** The model ops that a backend has kernels for, and what of a list of kernels' names isn't theirs. */
export function splitKernelNames(names: readonly string[]): {
  readonly modelOps: readonly string[];
  readonly others: readonly string[];
} {
  const layouts = Object.values<ModelOp>(MODEL_OPS).map((op) => [op.name, layoutOf(op)] as const);
  const theirs = new Set(layouts.flatMap(([, { kernelName, gradientKernelName }]) => [kernelName, gradientKernelName]));
  return {
    modelOps: layouts.flatMap(([name, { kernelName }]) => (names.includes(kernelName) ? name : [])),
    others: names.filter((name) => !theirs.has(name)),
  };
}

function engineKernelsOf(op: ModelOp, passes: { forward?: unknown; backward?: unknown } = {}): EngineKernel[] {
  const { kernelName, gradientKernelName, inputs, outputs, backwardInputs } = layoutOf(op);
  const { forward, backward } = passes as { readonly forward?: Pass; readonly backward?: Pass };
  const kernels: EngineKernel[] = [];
  if (forward !== undefined) kernels.push(engineKernel(kernelName, inputs, outputs, forward));
  if (backward !== undefined) {
    const gradients = inputs.flatMap(({ gradient, isConstant }) => (isConstant ? [] : gradient));
    const saved = backwardInputs.map((name) => ({ name, list: undefined }));
    kernels.push(engineKernel(gradientKernelName, saved, gradients, backward));
  }
  return kernels;
}

type Input = Pick<InputLayout, 'name' | 'list'>;

/** A pass over tensors by name as a kernel over tensors in order. */
function engineKernel(
  kernelName: string,
  inputs: readonly Input[],
  outputs: readonly string[],
  pass: Pass,
): EngineKernel {
  return {
    kernelName,
    kernelFunc({ inputs: given, attrs = {} }) {
      const results = pass(named(inputs, Object.values(given) as TensorInfo[]), attrs);
      return outputs.flatMap((name) => results[name]);
    },
  };
}

/** Tensors in order by name; the list among them has what the others leave. */
function named(inputs: readonly Input[], tensors: readonly TensorInfo[]): Given {
  const listed = tensors.length - inputs.length + 1;
  const given: Record<string, TensorInfo | readonly TensorInfo[]> = {};
  let at = 0;
  for (const { name, list } of inputs) {
    if (list === undefined) {
      given[name] = tensors[at++];
    } else {
      given[name] = tensors.slice(at, at + listed);
      at += listed;
    }
  }
  return given;
}
