import { embedding } from './embedding.js';
import { layerNorm } from './layer-norm.js';
import { linear } from './linear.js';
import { multiheadAttention } from './multihead-attention.js';
import { gru, lstm } from './recurrent.js';
import {
  transformer,
  transformerDecoder,
  transformerDecoderLayer,
  transformerEncoder,
  transformerEncoderLayer,
} from './transformer.js';

/** Modules of PyTorch that are read, by the names of their classes. */
export const DEFINITIONS = {
  MultiheadAttention: multiheadAttention,
  TransformerEncoderLayer: transformerEncoderLayer,
  TransformerDecoderLayer: transformerDecoderLayer,
  TransformerEncoder: transformerEncoder,
  TransformerDecoder: transformerDecoder,
  Transformer: transformer,
  LSTM: lstm,
  GRU: gru,
  Embedding: embedding,
  Linear: linear,
  LayerNorm: layerNorm,
} as const;

export type TorchKind = keyof typeof DEFINITIONS;
