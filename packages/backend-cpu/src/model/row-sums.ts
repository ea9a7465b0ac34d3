import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { CpuEngine } from '../engine.js';

/** Σ terms + bias along the rows, summed in double precision. */
export function sumOf(engine: CpuEngine, terms: readonly TensorInfo[], bias: TensorInfo): Float32Array {
  const [first, ...rest] = terms.map((term) => engine.floats(term));
  const biases = engine.floats(bias);
  const width = biases.length;
  const output = new Float32Array(first.length);
  for (let row = 0; row < output.length; row += width) {
    for (let w = 0; w < width; w++) {
      let total = first[row + w] + biases[w];
      for (const term of rest) total += term[row + w];
      output[row + w] = total;
    }
  }
  return output;
}

/** Σ over the rows of x [N, W] → [W]. */
export function columnSums(engine: CpuEngine, x: TensorInfo): TensorInfo {
  const width = x.shape[1];
  const values = engine.floats(x);
  const sums = new Float64Array(width);
  for (let row = 0; row < values.length; row += width) {
    for (let w = 0; w < width; w++) sums[w] += values[row + w];
  }
  return engine.output([width], Float32Array.from(sums));
}
