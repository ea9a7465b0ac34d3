import { ATTENTION_LAYERS } from './layers/attention/table.js';
import { STANDARD_LAYERS } from './standard/index.js';
import type { MakeLayer } from './standard/make-layer.js';

/** Keras's layers by the names of their classes. */
export const KERAS_LAYERS: Readonly<Record<string, MakeLayer>> = {
  ...STANDARD_LAYERS,
  ...ATTENTION_LAYERS,
  // The name of the class in Python, which older formats have.
  GroupedQueryAttention: ATTENTION_LAYERS['GroupQueryAttention']!,
};
