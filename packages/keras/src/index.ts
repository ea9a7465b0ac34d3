export { readModel, type KerasSource, type ReadModel } from './files/read-model.js';
export { type SeenAttention, type ShowsAttention } from './graph/attention.js';
export { describeLayers, describeTotal, type DescribedLayer } from './graph/describe.js';
export type { SeenCall } from './graph/pass.js';
export { KerasModel } from './graph/keras-model.js';
export type { CustomLayers, LayerClass } from './graph/resolve.js';
export { loadKeras, type LoadKerasOptions } from './load-keras.js';
export { saveKeras } from './save-keras.js';
export { ATTENTION_LAYERS, fromKeras, type KerasConfig } from './layers/attention/table.js';
export { registerKerasLayers } from './register-keras-layers.js';
export {
  KerasLayer,
  type CallArguments,
  type CallShapes,
  type KerasInput,
  type KerasMask,
  type LayerArgs,
} from './layers/keras-layer.js';
export type { MaskOf } from './layers/graph/masks-filled.js';
export type { Leaf } from './layers/graph/tree.js';
export {
  multiHeadAttention,
  MultiHeadAttention,
  type MultiHeadAttentionArgs,
} from './layers/attention/multi-head-attention.js';
export {
  groupQueryAttention,
  GroupQueryAttention,
  type GroupQueryAttentionArgs,
} from './layers/attention/group-query-attention.js';
export { attention, Attention, type AttentionArgs } from './layers/attention/attention.js';
export {
  additiveAttention,
  AdditiveAttention,
  type AdditiveAttentionArgs,
} from './layers/attention/additive-attention.js';
export {
  bahdanauAttention,
  BahdanauAttention,
  type BahdanauAttentionArgs,
} from './layers/attention/bahdanau-attention.js';
export { mechanismLayer, MechanismLayer, type MechanismLayerArgs } from './layers/attention/mechanism-layer.js';
export { RecurrentCell, type Active, type Reading } from './standard/recurrent/cell.js';
