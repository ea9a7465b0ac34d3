import * as tf from '@tensorflow/tfjs-core';
import type { AttentionMechanism } from '@heed/attention';
import { slidingWindow } from '@heed/core';
import {
  adoptMechanism,
  createFeedForward,
  createLayerNorm,
  lookup,
  type Dropout,
  type FeedForward,
  type LayerNorm,
  type Parameters,
} from '@heed/nn';
import type { TransformerLanguageConfig } from './config.js';
import { emptyMemory } from './memory.js';
import type { LanguageNetwork } from './network.js';

interface Block {
  readonly attentionNorm: LayerNorm;
  readonly attention: AttentionMechanism;
  readonly feedForwardNorm: LayerNorm;
  readonly feedForward: FeedForward;
}

/**
 * A decoder-only transformer with normalisation before each part. x₀ = √W·embedding; then in every layer
 *
 *   x ← x + attention(norm(x));  x ← x + feedForward(norm(x))
 *
 * where place i attends to places j ≤ i of its window, and knows how far back they are by rotary positions; at last
 * logits = norm(x) Eᵀ, with E the embedding when tied.
 *
 * @see Vaswani et al. 2017, arXiv:1706.03762, §3.1–3.4; Xiong et al. 2020, arXiv:2002.04745, for norms before; Su et
 *   al. 2021, arXiv:2104.09864, for rotary positions; Press & Wolf 2017, arXiv:1608.05859, for tying
 */
export function createTransformer(
  config: TransformerLanguageConfig,
  parameters: Parameters,
  vocabularySize: number,
): LanguageNetwork {
  const { width, heads, hidden, window } = config;
  const embedding = parameters.kernel('embedding', [vocabularySize, width]);
  const blocks = Array.from({ length: config.layers }, (_, n): Block => {
    const key = `layers/${n}`;
    return {
      attentionNorm: createLayerNorm(parameters, `${key}/attention_norm`, width),
      attention: adoptMechanism(parameters, `${key}/attention`, {
        kind: 'multiHead',
        queryWidth: width,
        memoryWidth: width,
        heads,
        bias: false,
        rotary: { layout: 'half' },
        seed: parameters.seedOf(`mechanism/${key}/attention`),
      }),
      feedForwardNorm: createLayerNorm(parameters, `${key}/feed_forward_norm`, width),
      feedForward: createFeedForward(parameters, `${key}/feed_forward`, width, hidden),
    };
  });
  const outputNorm = createLayerNorm(parameters, 'output/norm', width);
  const outputKernel = config.tiedEmbeddings ? undefined : parameters.kernel('output/kernel', [width, vocabularySize]);

  const embed = (inputs: Int32Array): tf.Tensor2D => tf.mul(lookup(embedding, inputs), Math.sqrt(width));
  const logits = (x: tf.Tensor2D): tf.Tensor2D =>
    outputKernel === undefined
      ? tf.matMul(outputNorm(x), embedding, false, true)
      : tf.matMul(outputNorm(x), outputKernel);

  /** All layers; x is [B·T, W], and `attend` what the n-th one does with its normed input [B, T, W]. */
  function run(
    x: tf.Tensor2D,
    batch: number,
    attend: (n: number, attention: AttentionMechanism, x: tf.Tensor3D) => tf.Tensor3D,
    drop: Dropout = (y) => y,
  ): tf.Tensor2D {
    const rows = x.shape[0];
    let y = drop(x, 'embedding');
    blocks.forEach(({ attentionNorm, attention, feedForwardNorm, feedForward }, n) => {
      const normed = tf.reshape<tf.Rank.R3>(attentionNorm(y), [batch, rows / batch, width]);
      const context = tf.reshape<tf.Rank.R2>(attend(n, attention, normed), [rows, width]);
      y = tf.add(y, drop(context, `${n}/attention`));
      y = tf.add(y, drop(feedForward(feedForwardNorm(y)), `${n}/feed_forward`));
    });
    return y;
  }

  /** What the first of new places, at `offset`, and those after it may look at. */
  const causal = (offset: number) => ({ causal: { offset }, mask: slidingWindow({ left: window - 1, offset }) });

  return {
    all: ({ inputs, batch }, dropout) =>
      logits(
        run(
          embed(inputs),
          batch,
          (_, attention, x) => attention.attend(x, attention.prepare(x), causal(0)).context,
          dropout,
        ),
      ),
    weights({ inputs, batch }) {
      const weights: tf.Tensor[] = [];
      run(embed(inputs), batch, (_, attention, x) => {
        const attended = attention.attend(x, attention.prepare(x), { ...causal(0), returnWeights: true });
        weights.push(attended.weights);
        return attended.context;
      });
      return weights;
    },
    read() {
      // The keys and values of the places read: they don't depend on later ones, so they are computed once.
      const caches = blocks.map(({ attention }) => emptyMemory(attention));
      return {
        next: (inputs) =>
          tf.tidy(() => {
            const x = run(embed(inputs), 1, (n, attention, x) => {
              const cache = caches[n];
              const offset = cache.length;
              return attention.attend(x, cache.append(x), causal(offset)).context;
            });
            const last = tf.slice<tf.Rank.R2, tf.Tensor2D>(x, [inputs.length - 1, 0], [1, width]);
            return tf.reshape<tf.Rank.R1>(logits(last), [vocabularySize]);
          }),
        dispose: () => caches.forEach((cache) => cache.dispose()),
      };
    },
  };
}
