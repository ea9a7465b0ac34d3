import * as tf from '@tensorflow/tfjs-core';
import { createMechanism, selfAttend, type AttentionMechanism } from '@heed/attention';
import { dense, type Dense } from './dense.js';
import { layerNorm, type LayerNorm } from './layer-norm.js';
import { SIZES, type LayerSizes } from './layout.js';
import { splitColumns } from './split-columns.js';
import type { EncoderWeights } from './weights.js';

/** Layer of the encoder, which owns its weights. */
export interface TransformerLayer {
  /**
   * Output of the layer.
   *
   * @param x [B, T, I]
   * @param lengths length of each row; positions past it take no part, and results there are undefined
   * @returns output [B, T, E]; weights [B, H, T, T] when asked for
   */
  apply(x: tf.Tensor3D, lengths: Int32Array, returnWeights: boolean): LayerResult;
  dispose(): void;
}

/** Result of a layer; a type alias, since `tf.tidy` refuses an interface as its result. */
type LayerResult = { readonly output: tf.Tensor3D; readonly weights?: tf.Tensor4D };

/**
 * A transformer's encoder layer that normalises before each part instead of after:
 *
 *   y = x + MultiHead(LayerNorm(x));  output = y + W₂ relu(W₁ LayerNorm(y) + b₁) + b₂
 *
 * where x is projected to E first when it is narrower.
 *
 * @param weights weights of this layer, by their names in it
 * @see Vaswani et al. 2017, arXiv:1706.03762, §3.1 to 3.3; for the place of the norm Xiong et al. 2020, arXiv:2002.04745
 */
export function createTransformerLayer(weights: EncoderWeights, sizes: LayerSizes): TransformerLayer {
  const { width, hiddenWidth } = SIZES;
  const owned: tf.Tensor[] = [];
  const own = <T extends tf.Tensor>(tensor: T): T => {
    owned.push(tf.keep(tensor));
    return tensor;
  };
  const denseOf = (key: string, inputs: number, outputs: number): Dense => ({
    kernel: own(tf.tensor2d(weights[`${key}/kernel`], [inputs, outputs])),
    bias: own(tf.tensor1d(weights[`${key}/bias`])),
  });
  const normOf = (key: string): LayerNorm => ({
    scale: own(tf.tensor1d(weights[`${key}/scale`])),
    bias: own(tf.tensor1d(weights[`${key}/bias`])),
  });

  const attention = createAttention(weights, sizes);
  const attentionNorm = normOf('attention_norm');
  const hiddenNorm = normOf('hidden_norm');
  const hidden = denseOf('hidden', width, hiddenWidth);
  const output = denseOf('hidden_output', hiddenWidth, width);
  const residual = sizes.inputWidth === width ? undefined : denseOf('residual', sizes.inputWidth, width);

  return {
    apply(x, lengths, returnWeights) {
      return tf.tidy((): LayerResult => {
        const { context, weights } = selfAttend(attention, layerNorm(x, attentionNorm), { lengths, returnWeights });
        const y = tf.add<tf.Tensor3D>(residual === undefined ? x : dense(x, residual), context); // [B, T, E]
        const h = dense(layerNorm(y, hiddenNorm), hidden, 'relu'); // [B, T, F]
        return {
          output: tf.add(y, dense(h, output)),
          ...(weights !== undefined && { weights: weights as tf.Tensor4D }),
        };
      });
    },
    dispose() {
      attention.dispose();
      tf.dispose(owned);
    },
  };
}

/** Self-attention of a layer. The original has one kernel for queries, keys and values, with W columns for each in this order. */
function createAttention(weights: EncoderWeights, { inputWidth, headWidth }: LayerSizes): AttentionMechanism {
  const { heads, width } = SIZES;
  const inner = heads * headWidth;
  const kernels = splitColumns(weights['qkv/kernel'], 3, inner);
  const biases = splitColumns(weights['qkv/bias'], 3, inner);
  const config = {
    kind: 'multiHead',
    name: 'sentenceEncoder',
    queryWidth: inputWidth,
    memoryWidth: inputWidth,
    heads,
    headWidth,
    outputWidth: width,
    seed: 0, // initial values are replaced, so their seed doesn't matter
  };
  const parts = ['query', 'key', 'value'].flatMap((key, n) => [
    [`${key}_kernel`, tf.tensor2d(kernels[n], [inputWidth, inner])] as const,
    [`${key}_bias`, tf.tensor1d(biases[n])] as const,
  ]);
  const given: Record<string, tf.Tensor> = {
    ...Object.fromEntries<tf.Tensor>(parts),
    output_kernel: tf.tensor2d(weights['attention_output/kernel'], [inner, width]),
    output_bias: tf.tensor1d(weights['attention_output/bias']),
  };
  try {
    return createMechanism(config, given);
  } finally {
    tf.dispose(given);
  }
}
