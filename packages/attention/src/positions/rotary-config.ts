import * as v from 'valibot';
import { positive, width } from '../fields.js';
import { DEFAULT_BASE } from './frequencies.js';
import { rotaryScaling, type RotaryScaling } from './rotary-scaling.js';

/** Settings of rotary positions, as plain JSON. */
export interface RotaryConfig {
  /** θ_i = base^(−2i/W); 10000 by default. */
  readonly base?: number;
  /**
   * Which features make a pair: 'interleaved' (2i, 2i + 1), as in the paper and by default; 'half' (i, i + W/2), as in
   * GPT-NeoX and Llama. Parameters trained with one are wrong with the other.
   */
  readonly layout?: 'interleaved' | 'half';
  /** W: only the first W features turn, all by default. Even. */
  readonly width?: number;
  /** How the frequencies are rescaled for texts longer than those of the training; as they are by default. */
  readonly scaling?: RotaryScaling;
}

export const evenWidth = v.pipe(width, v.multipleOf(2));

export const rotaryConfig = v.pipe(
  v.strictObject({
    base: v.optional(positive),
    layout: v.optional(v.picklist(['interleaved', 'half'])),
    width: v.optional(evenWidth),
    scaling: v.optional(rotaryScaling),
  }),
  v.check(
    ({ base = DEFAULT_BASE, scaling }) => scaling?.kind !== 'yarn' || base > 1,
    'yarn needs a base above 1, with which later pairs turn more slowly',
  ),
);
