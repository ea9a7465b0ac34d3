export { modulesIn, type FoundModule } from './find-modules.js';
export { fromTorch, type AnyTorchOptions, type FromTorchOptions } from './from-torch.js';
export { loadTorch } from './load-torch.js';
export type { Masks, WeightsAsked } from './modules/attend.js';
export type { EmbeddingCall, EmbeddingOptions } from './modules/embedding.js';
export type { TorchKind } from './modules/index.js';
export type { LayerNormCall, LayerNormOptions } from './modules/layer-norm.js';
export type { LinearCall } from './modules/linear.js';
export type {
  MultiheadAttentionCall,
  MultiheadAttentionCallOptions,
  MultiheadAttentionInputs,
  MultiheadAttentionOptions,
  MultiheadAttentionResult,
} from './modules/multihead-attention.js';
export type { SequenceOptions } from './modules/options.js';
export type {
  GruCall,
  LstmCall,
  LstmCallOptions,
  LstmResult,
  RecurrentCallOptions,
  RecurrentResult,
} from './modules/recurrent.js';
export type {
  DecoderCall,
  DecoderCallOptions,
  DecoderResult,
  EncoderCall,
  EncoderCallOptions,
  EncoderResult,
  TransformerCall,
  TransformerCallOptions,
  TransformerResult,
} from './modules/transformer-calls.js';
export type { TransformerOptions } from './modules/transformer-layer.js';
export type { StateDict, StateSource, Values } from './state/stored.js';
export { toTorch } from './to-torch.js';
export type { AnyTorchModule, TorchCallOf, TorchModule, TorchOptionsOf } from './torch-module.js';
