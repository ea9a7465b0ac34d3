import { editDistance } from './levenshtein.js';

/** How one output compares with the references. */
export interface OutputErrors {
  /** Fewest insertions, deletions and substitutions to a reference. */
  readonly errors: number;
  /** Symbols of that reference; of equally near ones, of the first. */
  readonly length: number;
}

/** Compares an output with every reference; the nearest counts. */
export function outputErrors(output: readonly string[], references: readonly (readonly string[])[]): OutputErrors {
  let best: OutputErrors | undefined;
  for (const reference of references) {
    const errors = editDistance(output, reference);
    if (best === undefined || errors < best.errors) best = { errors, length: reference.length };
  }
  return best ?? { errors: output.length, length: 0 };
}

export interface ErrorRates {
  /** Outputs compared. */
  readonly examples: number;
  /** Errors in symbols, and symbols in the references. */
  readonly tokenErrors: number;
  readonly tokens: number;
  /** Outputs that equal none of their references. */
  readonly sequenceErrors: number;
  /** tokenErrors / tokens: the phoneme error rate when symbols are phonemes. May pass 1. */
  readonly tokenErrorRate: number;
  /** sequenceErrors / examples: the word error rate when sequences are words. */
  readonly sequenceErrorRate: number;
}

/** Rates over all outputs, not means of rates; 0 where there is nothing to compare, and ∞ for errors against empty references. */
export function errorRates(compared: readonly OutputErrors[]): ErrorRates {
  const tokenErrors = compared.reduce((sum, { errors }) => sum + errors, 0);
  const tokens = compared.reduce((sum, { length }) => sum + length, 0);
  const sequenceErrors = compared.filter(({ errors }) => errors > 0).length;
  return {
    examples: compared.length,
    tokenErrors,
    tokens,
    sequenceErrors,
    tokenErrorRate: tokenErrors === 0 ? 0 : tokenErrors / tokens,
    sequenceErrorRate: compared.length === 0 ? 0 : sequenceErrors / compared.length,
  };
}

/**
 * Whether attention walks through the source in the order of the output: Kendall's τ between the number of an output
 * symbol and the mean position Σ_j j·α_j that it attends to. 1 is strictly forwards, −1 strictly backwards, 0 no order (or
 * attention that doesn't move). Undefined for fewer than two symbols.
 *
 * @param weights one row per output symbol
 * @see Kendall 1938, "A new measure of rank correlation" (τ-a)
 */
export function monotonicity(weights: readonly Float32Array[]): number | undefined {
  if (weights.length < 2) return undefined;
  const positions = weights.map((row) => row.reduce((sum, weight, j) => sum + weight * j, 0));
  let order = 0;
  for (let i = 0; i < positions.length; i++) {
    for (let j = i + 1; j < positions.length; j++) order += Math.sign(positions[j] - positions[i]);
  }
  return order / ((positions.length * (positions.length - 1)) / 2);
}
