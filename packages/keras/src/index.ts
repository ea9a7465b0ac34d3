export { KerasLayer, type CallArguments, type KerasInput, type KerasMask } from './layers/keras-layer.js';
