import { prepareAdditiveCall } from './additive-attention/call.js';
import { prepareDotProductCall } from './dot-product-attention/call.js';
import { prepareLinearCall } from './linear-attention/call.js';
import type { Prepared } from './prepared.js';
import type { OpName, OpRequest } from './table.js';
import { prepareWeightedCall } from './weighted-context/call.js';

/** What makes a prepared call of a call of each op. */
export const PREPARE = {
  dotProductAttention: prepareDotProductCall,
  additiveAttention: prepareAdditiveCall,
  weightedContext: prepareWeightedCall,
  linearAttention: prepareLinearCall,
} as const satisfies { readonly [Name in OpName]: (call: never) => Prepared<OpRequest> };

/** A call of an op as data. `{ shape, dtype }` will do for a tensor, so nothing need be allocated. */
export type Call = Parameters<(typeof PREPARE)[OpName]>[0];
