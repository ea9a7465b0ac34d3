import type { MaskParts } from '@heed/core';
import { broadcastIndex } from '../oracle/masks.js';
import { map, ofMask, ofProblem, ofResults, type Mutant } from './mutant.js';

type Band = NonNullable<MaskParts['band']>;

/** The mask with its band changed, when it has one. */
function ofBand(change: (band: Band, sizes: { queries: number; keys: number }) => Band): Mutant['kernels'] {
  return ofMask((mask, sizes) => (mask.band ? { ...mask, band: change(mask.band, sizes) } : mask));
}

export const maskMutants: readonly Mutant[] = [
  {
    id: 'causal off by one',
    group: 'masks',
    reason: /causal.*context.*is .*, expected/,
    spares: ['scale', 'bias', 'normalizers', 'errors'].slice(0, 1) as ['scale'],
    kernels: ofBand(({ lower, upper }) => ({ lower, upper: upper.map((j) => j + 1) })),
  },
];
