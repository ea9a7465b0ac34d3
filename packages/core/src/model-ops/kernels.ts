import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { EngineKernel } from '../backend.js';
import {
  backwardNames,
  gradientKernelNameOf,
  gradientNameOf,
  kernelNameOf,
  type ModelInput,
  type ModelOp,
} from './define.js';
import { MODEL_OPS, type ModelKernels, type ModelOpName } from './table.js';

type Given = Readonly<Record<string, TensorInfo | readonly TensorInfo[]>>;
type Pass = (inputs: Given, attributes: object) => Given;

/** What a backend with kernels for model ops puts among its `engineKernels`. */
export const modelKernels = (kernels: ModelKernels): EngineKernel[] =>
  Object.values<ModelOp>(MODEL_OPS).flatMap((op) => engineKernelsOf(op, kernels[op.name as ModelOpName]));

function engineKernelsOf(op: ModelOp, passes: { forward?: unknown; backward?: unknown } = {}): EngineKernel[] {
  const kernels: EngineKernel[] = [];
  const { forward, backward } = passes as { readonly forward?: Pass; readonly backward?: Pass };
  if (forward !== undefined) {
    kernels.push(engineKernel(kernelNameOf(op), op.inputs, Object.keys(op.outputs), forward));
  }
  if (backward !== undefined) {
    const inputs = Object.fromEntries(backwardNames(op).map((name) => [name, {}]));
    const outputs = Object.keys(op.inputs).map(gradientNameOf);
    kernels.push(engineKernel(gradientKernelNameOf(op), inputs, outputs, backward));
  }
  return kernels;
}

/** A pass over tensors by name as a kernel over tensors in order. */
function engineKernel(
  kernelName: string,
  inputs: Readonly<Record<string, ModelInput>>,
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
function named(inputs: Readonly<Record<string, ModelInput>>, tensors: readonly TensorInfo[]): Given {
  const names = Object.keys(inputs);
  const listed = tensors.length - names.length + 1;
  let at = 0;
  return Object.fromEntries(
    names.map((name) => {
      if (inputs[name].list === undefined) return [name, tensors[at++]];
      at += listed;
      return [name, tensors.slice(at - listed, at)];
    }),
  );
}
