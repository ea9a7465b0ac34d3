import { HeedError } from '@heed/base';
import * as v from 'valibot';

/** Options of modules that take sequences. */
export interface SequenceOptions {
  /** Whether sequences are [B, T, W] rather than [T, B, W]: `batch_first`, false by default as in PyTorch. */
  readonly batchFirst?: boolean;
}

export const batchFirst = v.optional(v.boolean(), false);

/** Number of heads, which no state dict tells. */
export const heads = v.pipe(v.number(), v.integer(), v.minValue(1), v.examples([8]));

/** ε of norms, by default PyTorch's. */
export const eps = v.optional(v.pipe(v.number(), v.finite(), v.minValue(0)), 1e-5);

/** @throws HeedError INVALID_ARGUMENT unless the heads share the width evenly */
export function checkHeads(kind: string, heads: number, width: number): void {
  if (width % heads === 0) return;
  throw new HeedError('INVALID_ARGUMENT', {
    message: `${kind}: heads is ${heads}, which doesn't divide the width ${width} of the state dict`,
    hint: 'give the num_heads or nhead that the module was made with',
    details: { heads, width },
  });
}
