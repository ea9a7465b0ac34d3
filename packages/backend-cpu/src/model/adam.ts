import type { ModelKernels } from '@heed/core/model-ops';
import type { CpuEngine } from '../engine.js';

/** Plain arrays and float64 in between: what is stored between two steps is float32. */
export const adam = (engine: CpuEngine): NonNullable<ModelKernels['adam']> => ({
  forward({ value, gradient, mean, square }, { rate, epsilon, scale, beta1, beta2 }) {
    const [values, gradients, m, v] = [value, gradient, mean, square].map((tensor) => engine.floats(tensor));
    const nextValue = new Float32Array(values.length);
    const nextMean = new Float32Array(values.length);
    const nextSquare = new Float32Array(values.length);
    for (let n = 0; n < values.length; n++) {
      const g = gradients[n] * scale;
      const mn = beta1 * m[n] + (1 - beta1) * g;
      const vn = beta2 * v[n] + (1 - beta2) * g * g;
      nextMean[n] = mn;
      nextSquare[n] = vn;
      nextValue[n] = values[n] - (rate * mn) / (Math.sqrt(vn) + epsilon);
    }
    return {
      nextValue: engine.output(value.shape, nextValue),
      nextMean: engine.output(value.shape, nextMean),
      nextSquare: engine.output(value.shape, nextSquare),
    };
  },
});

/** Added up in float64, over all tensors. */
export const squareSum = (engine: CpuEngine): NonNullable<ModelKernels['squareSum']> => ({
  forward({ tensors }) {
    let sum = 0;
    for (const tensor of tensors) {
      const values = engine.floats(tensor);
      for (let n = 0; n < values.length; n++) sum += values[n] * values[n];
    }
    return { sum: engine.output([], Float32Array.of(sum)) };
  },
});
