import { asIs, costOfAttention, type AnyConfig, type MechanismDefinition } from '@heed/attention';
import { fraction, o, row } from '@heed/attention/math-ml';
import * as tf from '@tensorflow/tfjs-core';
import * as v from 'valibot';

interface GaussianConfig extends AnyConfig {
  readonly kind: 'gaussian';
  /** D, the width of the query and of the memory. */
  readonly width: number;
  /** σ before training. */
  readonly bandwidth: number;
}

/**
 * Attention by distance: α_t = softmax_s(−‖s_t − h_s‖² / 2σ²), the Nadaraya–Watson estimator with a Gaussian kernel. The bandwidth σ is
 * learned, as its logarithm, so that it stays above 0.
 *
 * With −‖s − h‖² / 2 = sᵀh − ‖s‖²/2 − ‖h‖²/2 it is a dot product of vectors that are two numbers wider, so every backend has kernels
 * and gradients for it.
 *
 * @see Nadaraya 1964, Watson 1964; Tsai et al. 2019, arXiv:1908.11775, for this kernel (RBF) in attention
 */
export const gaussian: MechanismDefinition<GaussianConfig> = {
  kind: 'gaussian',
  title: 'Gaussian (Nadaraya–Watson)',
  formula: {
    text: '−‖s − h‖² / 2σ²',
    score: row(
      o('−'),
      fraction(
        row(o('‖'), '<mi>s</mi>', o('−'), '<mi>h</mi>', '<msup><mo>‖</mo><mn>2</mn></msup>'),
        '<mn>2</mn><msup><mi>σ</mi><mn>2</mn></msup>',
      ),
    ),
    papers: [{ cite: 'Tsai et al. 2019', url: 'https://arxiv.org/abs/1908.11775', at: 'the RBF kernel' }],
  },
  schema: v.strictObject({
    kind: v.literal('gaussian'),
    name: v.optional(v.string(), 'gaussian'),
    width: v.pipe(v.number(), v.integer(), v.minValue(1)),
    bandwidth: v.optional(v.pipe(v.number(), v.finite(), v.gtValue(0)), 1),
  }),
  fit: asIs,
  // Distances grow with the width as dot products do: this is the usual 1/√D.
  suggest: ({ width }) => ({ bandwidth: width ** 0.25 }),
  widths: ({ width }) => ({ queryWidth: width, memoryWidth: width, contextWidth: width }),
  parameters: ({ bandwidth }) => ({
    log_bandwidth: { shape: [], initial: () => Float32Array.of(Math.log(bandwidth)) },
  }),
  bind: (_, { log_bandwidth }) => ({
    project(keys, values) {
      const half = halfSquare(keys);
      return { keys: tf.concat([keys, tf.onesLike(half), half], 2), values: tf.clone(values) }; // [B, Tk, D + 2]
    },
    compare(query, { keys, values }) {
      const half = halfSquare(query);
      const wide = tf.concat([query, half, tf.onesLike(half)], 2); // [N, T, D + 2]
      const precision = tf.exp(tf.mul(log_bandwidth!, -2)); // 1/σ²
      return { op: 'dotProductAttention', query: tf.mul(wide, precision), key: keys, value: values, scale: 1 };
    },
  }),
  cost(tally, { width }, { batch, queries, keys, calls }) {
    tally.parameters(1);
    const problem = { op: 'dotProductAttention', batch, heads: 1, queries, keys, width: width + 2 } as const;
    tally.op(costOfAttention({ ...problem, valueWidth: width }), calls);
  },
};

/** −‖x‖²/2 of each vector: [B, T, D] → [B, T, 1]. */
const halfSquare = (x: tf.Tensor3D): tf.Tensor3D => tf.mul(tf.sum(tf.square(x), 2, true), -0.5);
