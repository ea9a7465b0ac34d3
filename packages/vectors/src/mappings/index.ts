import type { Mapping } from '../mapping.js';
import { mapFlexAttention } from './flex-attention.js';
import { mapRotary } from './rotary.js';
import { mapScaledDotProduct } from './scaled-dot-product.js';

/** How the cases of each mechanism are computed. */
export const MAPPINGS: Readonly<Record<string, Mapping>> = {
  rotary: mapRotary,
  flex_attention: mapFlexAttention,
  'F.scaled_dot_product_attention': mapScaledDotProduct,
};

/** Mechanisms whose cases Heed can compute. */
export const MAPPED_MECHANISMS: readonly string[] = Object.keys(MAPPINGS);
