import * as tf from '@tensorflow/tfjs';
import { cpu } from '@heed/backend-cpu';
import { wasm } from '@heed/backend-wasm';
import { selectBackend } from '@heed/core';
import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';

/** TensorFlow.js's cpu engine with the kernels of Heed's backend, which stays selected. */
export const CPU = 'cpu';

/** The same engine under another name and without these kernels, so that everything is composed of TensorFlow.js ops. */
export const COMPOSED = 'composed';

/** TensorFlow.js's wasm engine with the kernels of Heed's backend, which stays selected. */
export const WASM = 'wasm';

export type EngineName = typeof CPU | typeof COMPOSED | typeof WASM;

const BACKENDS = { [CPU]: cpu, [WASM]: wasm } as const;
const selected = new Map<EngineName, Promise<unknown>>();

export async function useEngine(name: EngineName): Promise<void> {
  registerComposed(); // before the cpu engine gets other kernels
  if (name !== COMPOSED) {
    if (!selected.has(name)) selected.set(name, selectBackend(BACKENDS[name]()));
    await selected.get(name);
  }
  await tf.setBackend(name);
}

/** Heed's backend of the wasm engine on one thread, by which calls are done again or not. */
export const selectWasm = (replays: boolean) => selectBackend(wasm({ threads: 1, replays }));

function registerComposed(): void {
  if (tf.findBackend(COMPOSED) !== null) return;
  tf.registerBackend(COMPOSED, () => new MathBackendCPU());
  for (const kernel of tf.getKernelsForBackend(CPU)) {
    // Some engines lack this one.
    if (kernel.kernelName !== 'UnsortedSegmentSum') tf.registerKernel({ ...kernel, backendName: COMPOSED });
  }
}

/** Values between −1 and 1 that are the same every time. */
export function values(count: number, salt = 1): Float32Array {
  return Float32Array.from({ length: count }, (_, n) => {
    const x = Math.sin((n + 1) * 12.9898 + salt * 78.233) * 43758.5453;
    return 2 * (x - Math.floor(x)) - 1;
  });
}

export interface Evaluated {
  readonly output: Float32Array;
  readonly gradients: readonly Float32Array[];
}

/** The output of an op and the gradients of Σ output∘weights in its inputs, on an engine. */
export async function evaluateOp(
  engine: EngineName,
  op: (...inputs: never[]) => tf.Tensor,
  shapes: readonly (readonly number[])[],
): Promise<Evaluated> {
  await useEngine(engine);
  const before = tf.memory().numTensors;
  const inputs = shapes.map((shape, i) => tf.tensor(values(tf.util.sizeFromShape([...shape]), i), [...shape]));
  const output = tf.tidy(() => op(...(inputs as never[])));
  const weights = tf.tensor(values(output.size, 99), output.shape);
  const gradients = tf.grads((...args: tf.Tensor[]) => tf.sum(tf.mul(op(...(args as never[])), weights)))(inputs);
  const result = {
    output: Float32Array.from(output.dataSync()),
    gradients: gradients.map((gradient) => Float32Array.from(gradient.dataSync())),
  };
  tf.dispose([...inputs, output, weights, ...gradients]);
  const leaked = tf.memory().numTensors - before;
  if (leaked !== 0) throw new Error(`${leaked} tensors leaked on ${engine}`);
  return result;
}

export function greatestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new Error(`lengths ${a.length} and ${b.length} differ`);
  let greatest = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i] - b[i]);
    if (Number.isNaN(difference)) throw new Error(`NaN at ${i}`);
    greatest = Math.max(greatest, difference);
  }
  return greatest;
}
