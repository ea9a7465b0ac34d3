import * as v from 'valibot';
import { count, positive } from '../fields.js';

/** How the frequencies of rotary positions are rescaled, for texts that are longer than those of the training. */
export type RotaryScaling = LinearScaling | NtkScaling | DynamicScaling | YarnScaling | Llama3Scaling;

/**
 * Linear scaling, also called position interpolation: positions are divided by the factor.
 *
 * @see Chen et al. 2023, arXiv:2306.15595, §2.3
 */
export interface LinearScaling {
  readonly kind: 'linear';
  readonly factor: number;
}

/**
 * NTK-aware scaling: the base is multiplied by factor^(W/(W − 2)), so that the slowest pair turns as with 'linear' and the fastest as
 * without scaling.
 *
 * @see Peng et al. 2023, arXiv:2309.00071, eq. 16 (after a post by bloc97)
 */
export interface NtkScaling {
  readonly kind: 'ntk';
  readonly factor: number;
}

/**
 * NTK-aware scaling that grows with the text: the base is as without scaling up to `maxPositions` positions, and from there on goes by
 * the largest position of the whole batch, whose rows all change with it. Keys that were turned for a shorter text stay as they are.
 *
 * @see Peng et al. 2023, arXiv:2309.00071, §3.3
 */
export interface DynamicScaling {
  readonly kind: 'dynamic';
  readonly factor: number;
  /** Number of positions that the model was trained with. */
  readonly maxPositions: number;
}

/**
 * YaRN: slow pairs turn as with 'linear', fast ones as without scaling, and those between as something between. Cosines and sines are
 * multiplied by the attention factor, which sharpens the scores.
 *
 * @see Peng et al. 2023, arXiv:2309.00071, §3.2 to 3.4
 */
export interface YarnScaling {
  readonly kind: 'yarn';
  readonly factor: number;
  /** Number of positions that the model was trained with before. */
  readonly originalMaxPositions: number;
  /** Turns within those positions from which on a pair is fast; 32 by default. */
  readonly betaFast?: number;
  /** Turns within those positions up to which a pair is slow; 1 by default. */
  readonly betaSlow?: number;
  /** Whether the ends of the slow and the fast pairs are rounded to whole pairs; true by default. */
  readonly truncate?: boolean;
  /** Attention factor; by default 0.1·ln factor + 1. */
  readonly attentionFactor?: number;
  /** With `mscaleAllDim`: the attention factor is (0.1·mscale·ln factor + 1) / (0.1·mscaleAllDim·ln factor + 1), as DeepSeek's. */
  readonly mscale?: number;
  readonly mscaleAllDim?: number;
}

/**
 * Scaling of Llama 3.1: pairs by their wavelength, the positions of one turn. Long ones are divided by the factor, short ones stay, and
 * those between are something between.
 *
 * @see Grattafiori et al. 2024, arXiv:2407.21783, §3.4.2; Llama's published code has the formula
 */
export interface Llama3Scaling {
  readonly kind: 'llama3';
  readonly factor: number;
  /** Number of positions that the model was trained with before. */
  readonly originalMaxPositions: number;
  /** Wavelengths above originalMaxPositions / lowFreqFactor are long; 1 by default. */
  readonly lowFreqFactor?: number;
  /** Wavelengths below originalMaxPositions / highFreqFactor are short; 4 by default. */
  readonly highFreqFactor?: number;
}

/** Defaults of Llama 3.1. */
export const LOW_FREQ_FACTOR = 1;
export const HIGH_FREQ_FACTOR = 4;

const positions = v.pipe(count, v.minValue(1));

export const rotaryScaling = v.variant('kind', [
  v.strictObject({ kind: v.literal('linear'), factor: positive }),
  v.strictObject({ kind: v.literal('ntk'), factor: positive }),
  v.strictObject({ kind: v.literal('dynamic'), factor: positive, maxPositions: positions }),
  v.strictObject({
    kind: v.literal('yarn'),
    factor: positive,
    originalMaxPositions: positions,
    betaFast: v.optional(positive),
    betaSlow: v.optional(positive),
    truncate: v.optional(v.boolean()),
    attentionFactor: v.optional(positive),
    mscale: v.optional(positive),
    mscaleAllDim: v.optional(positive),
  }),
  v.pipe(
    v.strictObject({
      kind: v.literal('llama3'),
      factor: positive,
      originalMaxPositions: positions,
      lowFreqFactor: v.optional(positive),
      highFreqFactor: v.optional(positive),
    }),
    v.check(
      ({ lowFreqFactor = LOW_FREQ_FACTOR, highFreqFactor = HIGH_FREQ_FACTOR }) => lowFreqFactor < highFreqFactor,
      'lowFreqFactor must be below highFreqFactor',
    ),
  ),
]);
