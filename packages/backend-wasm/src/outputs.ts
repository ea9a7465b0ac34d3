import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { WasmEngine } from './engine.js';

/** Makes a kernel's outputs; when the kernel then fails, none of them is left behind. */
export type MakeOutput = (shape: readonly number[], dtype?: 'float32' | 'int32') => TensorInfo;

export function withOutputs<T>(engine: WasmEngine, run: (make: MakeOutput) => T): T {
  const made: TensorInfo[] = [];
  try {
    return run((shape, dtype = 'float32') => {
      const tensor = engine.output(shape, dtype);
      made.push(tensor);
      return tensor;
    });
  } catch (error) {
    for (const tensor of made) engine.release(tensor);
    throw error;
  }
}
