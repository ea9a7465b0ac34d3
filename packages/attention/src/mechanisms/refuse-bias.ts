import { HeedError } from '@heed/core';

/** Additive scores have no place for a bias per pair of positions in core's fused form. */
export function refuseBias(name: string, bias: unknown): void {
  if (bias === undefined) return;
  throw new HeedError('INVALID_ARGUMENT', {
    message: `${name}: attend takes no bias`,
    hint: 'mask positions with mask, or score with a dot-product mechanism',
  });
}
