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
