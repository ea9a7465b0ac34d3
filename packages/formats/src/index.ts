export type { DecodeOptions } from './limits.js';
export { decodeNpy, encodeNpy } from './npy.js';
export type { DType, ElementArrays, NumericArray } from './numeric-array.js';
export { isPickleName, PICKLE_HINT } from './pickle.js';
export {
  decodeSafetensors,
  encodeSafetensors,
  type Safetensors,
  type SafetensorsOptions,
  type Tensors,
} from './safetensors.js';
export { openSafetensors, type ByteSource, type SafetensorsFile } from './safetensors-file.js';
