import * as tf from '@tensorflow/tfjs-core';
import { runKernel, hasKernel } from './kernel.js';

/** One op of a model in several forms that compute the same. */
export interface FusedOp {
  readonly shape: readonly number[];
  /** Built of TensorFlow.js ops with gradients: right on every engine. */
  readonly composed: () => tf.Tensor;
  /** One loop over the values, in the order of the inputs. */
  readonly host: (...values: Float32Array[]) => HostResult;
  /** On an engine that has the kernel, forward and backward. */
  readonly kernel?: KernelForm;
  /** Whether the loop is worth copying the values for on an engine whose memory is this process's: wasm. */
  readonly readsWell?: boolean;
}

interface HostResult {
  readonly output: Float32Array;
  /** The gradients of the loss in each input, from that in the output. */
  readonly backward: (dOutput: Float32Array) => Float32Array[];
}

/** See core's `MODEL_KERNELS`: a kernel's last output is for its gradient. */
export interface KernelForm {
  readonly name: string;
  /** Name of the gradient's kernel, when it is one. */
  readonly gradientName?: string;
  readonly attributes?: object;
  /** The gradient of the loss in each input, from the last inputs, as many as `saves`, the kernel's last output and dOutput. */
  readonly saves: number;
  readonly backward: (saved: readonly tf.Tensor[], dOutput: tf.Tensor) => tf.Tensor[];
}

/**
 * Runs the kernel where the engine has one, the host form where tensors live in this process as typed arrays (the `cpu`
 * engine), else the composed one. A composed cell step is some dozens of ops; on the `cpu` engine it is 10 to 20 times
 * slower, for slices of columns and broadcasting walk through index arithmetic for every element.
 */
export function fusedOp<T extends tf.Tensor>(inputs: readonly tf.Tensor[], op: FusedOp): T {
  if (op.kernel !== undefined && isRegistered(op.kernel)) return byKernel(inputs, op.kernel) as T;
  return (isHostEngine() || (op.readsWell && isInProcess()) ? onHost(inputs, op) : op.composed()) as T;
}

const isRegistered = ({ name, gradientName = name }: KernelForm): boolean => hasKernel(name) && hasKernel(gradientName);

function onHost(inputs: readonly tf.Tensor[], { shape, host }: FusedOp): tf.Tensor {
  return tf.customGrad((...args) => {
    const tensors = args.slice(0, inputs.length) as tf.Tensor[];
    const { output, backward } = host(...tensors.map((tensor) => tensor.dataSync<'float32'>()));
    return {
      value: tf.tensor(output, [...shape], 'float32'),
      gradFunc: (dOutput: tf.Tensor) =>
        backward(dOutput.dataSync<'float32'>()).map((gradient, i) => tf.tensor(gradient, tensors[i].shape, 'float32')),
    };
  })(...inputs);
}

function byKernel(inputs: readonly tf.Tensor[], { name, attributes, saves, backward }: KernelForm): tf.Tensor {
  return tf.customGrad((...args) => {
    const save = args.at(-1) as unknown as tf.GradSaveFunc;
    const [value, forGradient] = runKernel(name, inputs, attributes) as [tf.Tensor, tf.Tensor];
    save([...inputs.slice(inputs.length - saves), forGradient]);
    return { value, gradFunc: (dOutput: tf.Tensor, saved: tf.Tensor[]) => backward(saved, dOutput) };
  })(...inputs);
}

/** Whether tensors are typed arrays of this process, to be read and made without copying. */
const isHostEngine = (): boolean => tf.getBackend() === 'cpu';

/** Whether reading a tensor is a copy of memory and no wait for a device. */
const isInProcess = (): boolean => tf.getBackend() === 'wasm';
