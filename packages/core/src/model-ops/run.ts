import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { kernelOf, runKernel, runSaving } from '../engine.js';
import { asList, checkInputs, type GivenInputs } from './check.js';
import type { AttributesOf, ComposedModelOp, InputsOf, ModelOp, ResultsOf } from './define.js';
import { layoutOf, type Layout } from './layout.js';

type Named = Readonly<Record<string, Tensor>>;

/** A composed form, whatever its op is. */
interface AnyForm {
  forward(inputs: GivenInputs, attributes: object): Named;
  backward?(inputs: Named, attributes: object): GivenInputs;
}

/**
 * Runs a model op: each pass by the kernel of the selected backend where it has one, and else composed.
 *
 * @returns the outputs that callers see, by name
 * @throws HeedError INVALID_ARGUMENT, DISPOSED, DTYPE_UNSUPPORTED, SHAPE_MISMATCH
 */
export function runModelOp<Op extends ModelOp>(
  op: Op,
  composed: ComposedModelOp<Op>,
  inputs: InputsOf<Op, Tensor>,
  attributes: AttributesOf<Op>,
): ResultsOf<Op> {
  return run(op, composed as unknown as AnyForm, inputs as GivenInputs, attributes as object) as ResultsOf<Op>;
}

function run(op: ModelOp, composed: AnyForm, inputs: GivenInputs, attributes: object): Named {
  checkInputs(op, inputs);
  const layout = layoutOf(op);
  const { kernelName, results, savedInputs, savedOutputs } = layout;
  const flat = layout.inputs.flatMap(({ name }) => inputs[name] as Tensor | Tensor[]);
  const forward = (): Named =>
    pathOfModelOp(op) === 'composed'
      ? composed.forward(inputs, attributes)
      : byName(layout.outputs, runKernel(kernelName, flat, attributes));
  if (composed.backward === undefined) {
    return tf.tidy(() => {
      const made = forward();
      return byName(
        results,
        results.map((name) => made[name]),
      );
    });
  }
  const outputs = runSaving(
    layout.inputs.flatMap(({ name, isConstant }) => (isConstant ? [] : (inputs[name] as Tensor | Tensor[]))),
    () => {
      const made = forward();
      return {
        outputs: results.map((name) => made[name]),
        saved: [...savedInputs.map((name) => inputs[name] as Tensor), ...savedOutputs.map((name) => made[name])],
      };
    },
    (dys, saved) => tf.tidy(() => gradientsOf(layout, composed, inputs, attributes, [...saved, ...dys])),
  );
  return byName(results, outputs);
}

/** How the forward pass of a model op runs on the engine in use. */
export const pathOfModelOp = (op: ModelOp): 'fused' | 'composed' =>
  kernelOf(layoutOf(op).kernelName) === undefined ? 'composed' : 'fused';

/** The gradient in each of the inputs, in order. */
function gradientsOf(
  layout: Layout,
  composed: AnyForm,
  inputs: GivenInputs,
  attributes: object,
  tensors: readonly Tensor[],
): Tensor[] {
  const { gradientKernelName, backwardInputs } = layout;
  const gradients =
    kernelOf(gradientKernelName) === undefined
      ? composed.backward!(byName(backwardInputs, tensors), attributes)
      : ofKernel(layout, inputs, runKernel(gradientKernelName, tensors, attributes));
  return layout.inputs.flatMap(({ name, gradient: key, list, isConstant }) => {
    if (isConstant) return [];
    const gradient = gradients[key] as Tensor | Tensor[];
    if (list !== 'sum') return gradient;
    // One tensor for each: the tape disposes of a gradient once it has added another to it.
    return asList(inputs[name]).map((_, n) => (n === 0 ? (gradient as Tensor) : tf.clone(gradient as Tensor)));
  });
}

/** Gradients in the order in which a kernel gives them, by name. */
function ofKernel({ inputs: all }: Layout, inputs: GivenInputs, gradients: readonly Tensor[]): GivenInputs {
  const named: Record<string, Tensor | readonly Tensor[]> = {};
  let at = 0;
  for (const { name, gradient, list, isConstant } of all) {
    if (isConstant) continue;
    if (list === 'each') {
      const count = asList(inputs[name]).length;
      named[gradient] = gradients.slice(at, at + count);
      at += count;
    } else {
      named[gradient] = gradients[at++];
    }
  }
  return named;
}

function byName(names: readonly string[], tensors: readonly Tensor[]): Named {
  const named: Record<string, Tensor> = {};
  names.forEach((name, n) => (named[name] = tensors[n]));
  return named;
}
