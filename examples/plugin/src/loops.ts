import type { AttentionKernels, BackendFactory, WeightedContextRequest } from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';

const read = ({ dataId }: tf.TensorInfo): Float32Array => tf.backend().readSync(dataId) as Float32Array;

const write = (shape: number[], values: Float32Array): tf.TensorInfo => ({
  dataId: tf.backend().write(values, shape, 'float32'),
  shape,
  dtype: 'float32',
});

type Visit = (score: number, ofRow: number, ofKey: number) => void;

/** Visits each number of the value behind each score. What is masked is never read, as it may be NaN. */
function each(scores: Float32Array, { queries, keys }: WeightedContextRequest, width: number, visit: Visit): void {
  for (let n = 0; n < scores.length; n++) {
    const row = Math.floor(n / keys);
    const key = Math.floor(row / queries) * keys + (n % keys);
    for (let d = 0; d < width && scores[n] !== -Infinity; d++) visit(n, row * width + d, key * width + d);
  }
}

/** Softmax over scores of the user's own, and the average of values: scores [B, H, Tq, Tk], value [B, H, Tk, Dv]. */
const weightedContext: AttentionKernels['weightedContext'] = {
  // p = softmax(s); context = p·v
  forward({ scores, value }, size) {
    const [s, v, rows] = [read(scores), read(value), size.batch * size.heads * size.queries];
    const [p, sum, context] = [s.length, rows, rows * size.valueWidth].map((length) => new Float32Array(length));
    const highest = new Float32Array(rows).fill(-Infinity);
    each(s, size, 1, (n, row) => {
      highest[row] = Math.max(highest[row], s[n]);
    });
    each(s, size, 1, (n, row) => {
      p[n] = Math.exp(s[n] - highest[row]);
      sum[row] += p[n];
    });
    each(s, size, 1, (n, row) => {
      p[n] /= sum[row];
    });
    each(s, size, size.valueWidth, (n, c, k) => {
      context[c] += p[n] * v[k];
    });
    const shape = [...scores.shape.slice(0, 3), size.valueWidth];
    return { context: write(shape, context), weights: write(scores.shape, p) };
  },
  // dv = pᵀ·dContext; dp = dContext·vᵀ + dWeights; ds = p∘(dp − Σ p∘dp)
  backward({ scores, value, weights, dContext, dWeights }, size) {
    const [s, v, p, dC, dW] = [scores, value, weights, dContext, dWeights].map(read);
    const [ds, dv, mean] = [s.length, v.length, s.length / size.keys].map((length) => new Float32Array(length));
    const dp = dW.slice();
    each(s, size, size.valueWidth, (n, c, k) => {
      dp[n] += dC[c] * v[k];
      dv[k] += p[n] * dC[c];
    });
    each(s, size, 1, (n, row) => {
      mean[row] += p[n] * dp[n];
    });
    each(s, size, 1, (n, row) => {
      ds[n] = p[n] * (dp[n] - mean[row]);
    });
    return { dScores: write(scores.shape, ds), dValue: write(value.shape, dv) };
  },
};

/** A backend on TensorFlow.js's cpu engine with one op of its own, in plain loops; core composes the others. */
export const loops = (): BackendFactory => ({
  name: 'loops',
  async unavailableReasons() {
    await import('@tensorflow/tfjs-backend-cpu'); // registers the engine
    return [];
  },
  create: async () => ({
    specVersion: 1,
    name: 'loops',
    engine: 'cpu',
    kernels: { weightedContext },
    takes: { normalizers: ['softmax'] },
    capabilities: {
      skips: [],
      simd: 'none',
      threads: 1,
      floatBits: 32,
      accumulatorBits: 32,
      deterministic: true,
      replaces: [],
      notes: ['softmax over given scores is fused, in plain loops'],
    },
    dispose: async () => {},
  }),
});
