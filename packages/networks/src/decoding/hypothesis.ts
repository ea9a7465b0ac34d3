import { HeedError, checkOptions, show, type OptionNames } from '@heed/core';

/** One output of a model, with what it was thinking. */
export interface Hypothesis {
  readonly output: readonly string[];
  /** log p(output, end | source), in nats; without the end when it was cut off. */
  readonly logProbability: number;
  /** What beam search ranks by: logProbability / lengthPenalty. */
  readonly score: number;
  /** Log-probability of each symbol, and last of the end when there is one. They sum to `logProbability`. */
  readonly tokenLogProbabilities: readonly number[];
  /**
   * For each symbol of the output, how much it looked at each symbol of the source; rows sum to 1. Of several heads the
   * mean. Absent in a model without attention.
   */
  readonly weights?: readonly Float32Array[];
  /** False when the output was cut off at the greatest length. */
  readonly finished: boolean;
}

/** A path through decoding, by its last symbol. */
export interface Path {
  readonly id: number;
  readonly logProbability: number;
  readonly weights: Float32Array | undefined;
  readonly before: Path | undefined;
}

/** Symbols of the path, first to last. */
export function unroll(path: Path | undefined): Path[] {
  const steps: Path[] = [];
  for (let at = path; at !== undefined; at = at.before) steps.push(at);
  return steps.toReversed();
}

export interface LengthOptions {
  /** Greatest length of an output, in symbols; by default 2·(source length) + 10. */
  readonly maxLength?: number;
}

/** Options of a greedy search, whose `allowed` is its own to check. */
interface GreedyNames extends LengthOptions {
  readonly allowed?: unknown;
}

const GREEDY_OPTIONS: OptionNames<GreedyNames> = { maxLength: true, allowed: true };

/** @throws HeedError INVALID_ARGUMENT, UNKNOWN_OPTION */
export function checkGreedyOptions(search: string, options: GreedyNames): void {
  checkOptions(search, options, GREEDY_OPTIONS);
  checkMaxLength(search, options.maxLength);
}

/** @throws HeedError INVALID_ARGUMENT */
export function checkMaxLength(search: string, maxLength: number | undefined): void {
  if (maxLength === undefined || (Number.isSafeInteger(maxLength) && maxLength >= 0)) return;
  throw new HeedError('INVALID_ARGUMENT', {
    message: `${search}: maxLength is ${show(maxLength)}`,
    hint: 'a whole number ≥ 0',
    details: { maxLength },
  });
}

/**
 * The greatest number of symbols that an output may have, of itself a function of the source alone, so that the sources
 * beside it change nothing.
 */
export function greatestLength(sourceLength: number, { maxLength }: LengthOptions): number {
  // Abbreviations are read out: "aaa" has 8 phonemes. Beyond this, a model is repeating itself.
  return maxLength ?? 2 * sourceLength + 10;
}
