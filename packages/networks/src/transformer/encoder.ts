import type * as tf from '@tensorflow/tfjs-core';
import { selfAttend } from '@heed/attention';
import { createLayerNorm, type Dropout, type PaddedIds, type Parameters } from '@heed/nn';
import type { TransformerConfig } from './config.js';
import { createEmbedding } from './embedding.js';
import { addTo, createAttentionLayer, createFeedForward, deep, flat } from './layers.js';

/** Each source as the decoder sees it: [B, S, E]. What is past a row's end is nobody's business. */
export type Encoder = (sources: PaddedIds, dropout?: Dropout) => tf.Tensor3D;

/**
 * Layers of self-attention and feed-forward, with norms before them and one after all.
 *
 * @param symbols rows of the table of vectors
 * @see Vaswani et al. 2017, arXiv:1706.03762, §3.1; Xiong et al. 2020, arXiv:2002.04745
 */
export function createEncoder(config: TransformerConfig, parameters: Parameters, symbols: number): Encoder {
  const embedding = createEmbedding(parameters, 'encoder/embedding', symbols, config);
  const layers = Array.from({ length: config.encoderLayers }, (_, n) => {
    const key = `encoder/${n}`;
    return {
      key,
      attention: createAttentionLayer(parameters, `${key}/attention`, config, config.positions === 'rotary'),
      feedForward: createFeedForward(parameters, `${key}/feed_forward`, config),
    };
  });
  const norm = createLayerNorm(parameters, 'encoder/norm', config.width);
  return ({ ids, lengths, batch }, dropout) => {
    const embedded = embedding.at(ids, batch);
    let x = dropout ? dropout(embedded, 'encoder') : embedded; // [B·S, E]
    for (const { key, attention, feedForward } of layers) {
      const { context } = selfAttend(attention.mechanism, deep(attention.norm(x), batch), { lengths });
      x = addTo(x, flat(context), `${key}/attention`, dropout);
      x = feedForward(x, dropout);
    }
    return deep(norm(x), batch);
  };
}
