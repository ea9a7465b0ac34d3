import type * as tf from '@tensorflow/tfjs-core';
import {
  createLayerNorm,
  encodeByBlocks,
  toSequences,
  type Dropout,
  type Parameters,
  type Sequences,
  type TransformerBlock,
} from '@heed/nn';
import { createAttention, createFeedForward } from './blocks.js';
import type { TransformerConfig } from './config.js';
import { createEmbedding } from './embedding.js';

/** Each source as the decoder sees it: [B, S, E]. Values past a row's end are undefined. */
export type Encoder = (sources: Sequences, dropout?: Dropout) => tf.Tensor3D;

/**
 * Blocks of self-attention and feed-forward, and a norm after all.
 *
 * @param symbols rows of the table of vectors
 * @see Vaswani et al. 2017, arXiv:1706.03762, §3.1; Xiong et al. 2020, arXiv:2002.04745
 */
export function createEncoder(config: TransformerConfig, parameters: Parameters, symbols: number): Encoder {
  const embedding = createEmbedding(parameters, 'encoder/embedding', symbols, config);
  const blocks = Array.from({ length: config.encoderLayers }, (_, n): TransformerBlock => {
    const key = `encoder/${n}`;
    return {
      attention: createAttention(parameters, `${key}/attention`, config, config.positions === 'rotary'),
      feedForward: createFeedForward(parameters, `${key}/feed_forward`, config),
    };
  });
  const norm = createLayerNorm(parameters, 'encoder/norm', config.width);
  return ({ ids, lengths, batch }, dropout) => {
    const embedded = embedding.at(ids, batch);
    const x = dropout ? dropout(embedded, 'encoder') : embedded; // [B·S, E]
    return toSequences(norm(encodeByBlocks(blocks, x, { batch, lengths, dropout }).output), batch);
  };
}
