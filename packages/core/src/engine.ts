import * as tf from '@tensorflow/tfjs-core';
import type { KernelFunc, NamedAttrMap, NamedTensorMap, Tensor } from '@tensorflow/tfjs-core';
import type { EngineKernel } from './backend.js';

/**
 * The only file of core that touches inner parts of TensorFlow.js 4.22: the engine's entry for ops with a gradient of
 * their own and several outputs, inputs passed as an array (so that absent ones leave no hole), the kernel registry, and how
 * many gradients are being taken.
 */

export type Forward = () => Tensor[];
export type Backward = (dys: Tensor[], saved: Tensor[]) => Tensor[];

interface EngineInner {
  runKernelFunc(invocation: {
    inputs: NamedTensorMap;
    forwardFunc: (backend: unknown, save: (tensors: Tensor[]) => void) => Tensor[];
    backwardsFunc: (dys: Tensor | Tensor[], saved: Tensor[]) => Record<string, () => Tensor>;
  }): Tensor[];
}

/**
 * Runs `forward` as one op whose gradient is `backward`, which gets the gradients of the outputs and the saved tensors
 * (`inputs`, then `save(outputs)`), and returns one gradient per input or undefined where it has none.
 */
export function runWithGradient(
  inputs: readonly Tensor[],
  forward: Forward,
  save: (outputs: Tensor[]) => Tensor[],
  backward: Backward,
): Tensor[] {
  const saving = (): Outputs => {
    const outputs = forward();
    return { outputs, saved: [...inputs, ...save(outputs)] };
  };
  return runSaving(inputs, saving, backward);
}

interface Outputs {
  readonly outputs: Tensor[];
  /** Tensors that `backward` gets again: inputs, outputs, or others that the forward pass made. */
  readonly saved: Tensor[];
}

/** The same for a forward pass that decides itself what is saved. */
export function runSaving(inputs: readonly Tensor[], forward: () => Outputs, backward: Backward): Tensor[] {
  return (tf.engine() as unknown as EngineInner).runKernelFunc({
    inputs: asNamed(inputs),
    forwardFunc: (_backend, keep) => {
      const { outputs, saved } = forward();
      keep(saved);
      return outputs;
    },
    backwardsFunc: (dys, saved) => byIndex(backward(toArray(dys), saved)),
  });
}

/** Runs a registered kernel with its inputs in order; its gradient, if registered, sees the same order. */
export function runKernel(kernelName: string, inputs: readonly Tensor[], attributes: object): Tensor[] {
  return toArray(
    tf.engine().runKernel(kernelName, asNamed(inputs), attributes as NamedAttrMap) as unknown as Tensor | Tensor[],
  );
}

/** Saves all inputs, then the outputs that `outputsToSave` marks. */
export function registerGradient(
  kernelName: string,
  outputsToSave: boolean[],
  backward: (dys: Tensor[], saved: Tensor[], attributes: object) => Tensor[],
): void {
  if (tf.getGradient(kernelName) !== undefined) return;
  tf.registerGradient({
    kernelName,
    saveAllInputs: true,
    outputsToSave,
    gradFunc: (dys, saved, attributes) => byIndex(backward(toArray(dys), saved, attributes)),
  });
}

/** Registers kernels over whatever the engine has, and returns what puts the engine's own back. */
export function overrideKernels(engine: string, kernels: readonly EngineKernel[]): () => void {
  const originals = kernels.map(({ kernelName }) => tf.getKernel(kernelName, engine));
  kernels.forEach((kernel, i) => {
    if (originals[i] !== undefined) tf.unregisterKernel(kernel.kernelName, engine);
    // Other kernels of the engine may call what its own has set up, which is done anew whenever an instance of the engine comes into use.
    const { setupFunc, disposeFunc } = originals[i] ?? {};
    tf.registerKernel({ setupFunc, disposeFunc, ...kernel, backendName: engine });
  });
  return () => {
    kernels.forEach(({ kernelName }, i) => {
      tf.unregisterKernel(kernelName, engine);
      const original = originals[i];
      if (original !== undefined) tf.registerKernel(original);
    });
  };
}

/** Whether a gradient is being taken. */
export const takesGradients = (): boolean => tf.engine().state.gradientDepth > 0;

/** The function of a kernel that the engine in use has. */
export function kernelOf(kernelName: string): KernelFunc | undefined {
  return tf.getKernel(kernelName, tf.getBackend())?.kernelFunc;
}

function asNamed(inputs: readonly Tensor[]): NamedTensorMap {
  return inputs as unknown as NamedTensorMap;
}

function byIndex(gradients: Tensor[]): Record<string, () => Tensor> {
  return Object.fromEntries(gradients.map((gradient, i) => [String(i), () => gradient]));
}

function toArray(tensors: Tensor | Tensor[]): Tensor[] {
  return Array.isArray(tensors) ? tensors : [tensors];
}
