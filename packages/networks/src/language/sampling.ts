import { parser } from '@heed/attention/schema';
import { checkOptions, type OptionNames } from '@heed/core';
import * as v from 'valibot';
import { seed } from '@heed/nn';

export interface SamplingOptions {
  /** An integer in [0, 2⁵³): the same seed draws the same text. Default 0. */
  readonly seed?: number;
  /** Divides the scores: below 1 the probable becomes more so, 0 always takes the most probable. Default 1. */
  readonly temperature?: number;
  /** Only the so many most probable are drawn from. Default: all. */
  readonly topK?: number;
  /** Only the most probable whose probabilities add up to this are drawn from, in (0, 1]. Default 1: all. */
  readonly topP?: number;
}

export const SAMPLING_OPTIONS: OptionNames<SamplingOptions> = { seed: true, temperature: true, topK: true, topP: true };

const schema = v.strictObject({
  seed: v.optional(seed, 0),
  temperature: v.optional(v.pipe(v.number(), v.finite(), v.minValue(0)), 1),
  topK: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1)), Number.MAX_SAFE_INTEGER),
  topP: v.optional(v.pipe(v.number(), v.gtValue(0), v.maxValue(1)), 1),
});

export type CheckedSampling = Required<SamplingOptions>;

const parse = parser('INVALID_ARGUMENT');

/** @throws HeedError INVALID_ARGUMENT naming the option, UNKNOWN_OPTION */
export function checkSampling(options: SamplingOptions): CheckedSampling {
  checkOptions('sampling', options, SAMPLING_OPTIONS);
  return parse('sampling', schema, options);
}

/**
 * Draws from softmax(logits / temperature), cut down to the topK most probable and of these to the fewest whose
 * probabilities reach topP. Of equally probable ones the lower number comes first.
 *
 * @param logits  [V]
 * @param uniform in (0, 1)
 * @returns the number drawn
 * @see Fan, Lewis & Dauphin 2018, arXiv:1805.04833, §5.4, for topK; Holtzman et al. 2019, arXiv:1904.09751, §3.1, eq. 2
 *   and 3, for topP, the nucleus
 */
export function draw(logits: ArrayLike<number>, { temperature, topK, topP }: CheckedSampling, uniform: number): number {
  const order = Array.from(logits, (_, id) => id).toSorted((a, b) => logits[b] - logits[a] || a - b);
  if (temperature === 0) return order[0];
  const greatest = logits[order[0]];
  const kept = order.slice(0, topK);
  const shares = kept.map((id) => Math.exp((logits[id] - greatest) / temperature));
  const nucleus = prefixReaching(shares, topP * sum(shares));
  let left = uniform * sum(shares.slice(0, nucleus));
  for (let n = 0; n < nucleus; n++) {
    left -= shares[n];
    if (left < 0) return kept[n];
  }
  return kept[nucleus - 1];
}

/** How many of the first add up to the total; at least one. */
function prefixReaching(shares: readonly number[], total: number): number {
  let reached = 0;
  for (let n = 0; n < shares.length; n++) {
    reached += shares[n];
    if (reached >= total) return n + 1;
  }
  return shares.length;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
