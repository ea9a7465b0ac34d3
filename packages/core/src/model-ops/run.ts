import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { kernelOf, runKernel, runSaving } from '../engine.js';
import { asList, checkInputs, type GivenInputs } from './check.js';
import {
  backwardNames,
  gradientKernelNameOf,
  gradientNameOf,
  kernelNameOf,
  resultNames,
  savedInputs,
  savedOutputs,
  type AttributesOf,
  type ComposedModelOp,
  type InputsOf,
  type ModelOp,
  type ResultsOf,
} from './define.js';

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
  const flat = Object.keys(op.inputs).flatMap((name) => asList(inputs[name]));
  const results = resultNames(op);
  const forward = (): Named =>
    pathOfModelOp(op) === 'composed'
      ? composed.forward(inputs, attributes)
      : byName(Object.keys(op.outputs), runKernel(kernelNameOf(op), flat, attributes));
  if (composed.backward === undefined) return tf.tidy(() => only(results, forward()));
  const outputs = runSaving(
    flat,
    () => {
      const made = forward();
      return {
        outputs: results.map((name) => made[name]),
        saved: [
          ...savedInputs(op).map((name) => inputs[name] as Tensor),
          ...savedOutputs(op).map((name) => made[name]),
        ],
      };
    },
    (dys, saved) => tf.tidy(() => gradientsOf(op, composed, inputs, attributes, [...saved, ...dys])),
  );
  return byName(results, outputs);
}

/** How the forward pass of a model op runs on the engine in use. */
export const pathOfModelOp = (op: ModelOp): 'fused' | 'composed' =>
  kernelOf(kernelNameOf(op)) === undefined ? 'composed' : 'fused';

/** The gradient in each of the inputs, in order. */
function gradientsOf(
  op: ModelOp,
  composed: AnyForm,
  inputs: GivenInputs,
  attributes: object,
  tensors: readonly Tensor[],
): Tensor[] {
  const kernelName = gradientKernelNameOf(op);
  const gradients =
    kernelOf(kernelName) === undefined
      ? composed.backward!(byName(backwardNames(op), tensors), attributes)
      : ofKernel(op, inputs, runKernel(kernelName, tensors, attributes));
  return Object.keys(op.inputs).flatMap((name) => {
    const gradient = gradients[gradientNameOf(name)];
    if (op.inputs[name].list !== 'sum') return gradient;
    // One tensor for each: the tape disposes of a gradient once it has added another to it.
    return asList(inputs[name]).map((_, n) => (n === 0 ? (gradient as Tensor) : tf.clone(gradient as Tensor)));
  });
}

/** Gradients in the order in which a kernel gives them, by name. */
function ofKernel(op: ModelOp, inputs: GivenInputs, gradients: readonly Tensor[]): GivenInputs {
  let at = 0;
  return Object.fromEntries(
    Object.keys(op.inputs).map((name) => {
      if (op.inputs[name].list !== 'each') return [gradientNameOf(name), gradients[at++]];
      const count = asList(inputs[name]).length;
      at += count;
      return [gradientNameOf(name), gradients.slice(at - count, at)];
    }),
  );
}

const byName = (names: readonly string[], tensors: readonly Tensor[]): Named =>
  Object.fromEntries(names.map((name, n) => [name, tensors[n]]));

const only = (names: readonly string[], tensors: Named): Record<string, Tensor> =>
  Object.fromEntries(names.map((name) => [name, tensors[name]]));
