import { editDistance } from './levenshtein.js';

/** Errors of one output against its nearest reference. */
export interface OutputErrors {
  /** Fewest insertions, deletions and substitutions that turn the output into a reference. */
  readonly errors: number;
  /** Length of that reference, in symbols; among equally near references, the first counts. */
  readonly length: number;
}

/** Compares an output with every reference, of which the nearest counts. */
export function outputErrors(output: readonly string[], references: readonly (readonly string[])[]): OutputErrors {
  let best: OutputErrors | undefined;
  for (const reference of references) {
    const errors = editDistance(output, reference);
    if (best === undefined || errors < best.errors) best = { errors, length: reference.length };
  }
  return best ?? { errors: output.length, length: 0 };
}

export interface ErrorRates {
  /** Number of outputs compared. */
  readonly examples: number;
  /** Wrong symbols in all outputs; `tokens` is the number of symbols in the references. */
  readonly tokenErrors: number;
  readonly tokens: number;
  /** Number of outputs that equal none of their references. */
  readonly sequenceErrors: number;
  /** tokenErrors / tokens: the phoneme error rate when symbols are phonemes. May be greater than 1. */
  readonly tokenErrorRate: number;
  /** sequenceErrors / examples: the word error rate when sequences are words. */
  readonly sequenceErrorRate: number;
}

/** Rates over all outputs together, not means of each output's rate; 0 without outputs, ∞ for errors against empty references. */
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
 * Monotonicity of attention: Kendall's τ between the index of an output symbol and the mean source position Σ_j j·α_j that it
 * attends to. 1 means that attention moves strictly forwards, −1 strictly backwards, 0 without order (or not at all). Undefined
 * for fewer than two symbols.
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
