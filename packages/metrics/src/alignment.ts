import { HeedError } from '@heed/base';

/** How the attention of one output compares with a gold alignment. */
export interface AlignmentErrors {
  /** Number of output symbols that have gold positions. */
  readonly symbols: number;
  /** Weight outside the gold positions, summed over those symbols. */
  readonly missed: number;
  /** Number of those symbols that attend most to a position that isn't gold. */
  readonly misplaced: number;
}

/**
 * Compares attention with a gold alignment: the source positions that each output symbol is known to come from. Symbols
 * without a gold position (such as a hyphen, which every output has) are left out; so are the rows at the end of the longer of
 * the two lists.
 *
 * @param weights α, one row per output symbol
 * @param gold    source positions of each output symbol, in any order
 * @throws HeedError INVALID_ARGUMENT for a position that the source doesn't have
 */
export function alignmentErrors(
  weights: readonly Float32Array[],
  gold: readonly (readonly number[])[],
): AlignmentErrors {
  let symbols = 0;
  let missed = 0;
  let misplaced = 0;
  weights.forEach((row, i) => {
    const positions = gold[i] ?? [];
    if (positions.length === 0) return;
    const outside = positions.find((position) => row[position] === undefined);
    if (outside !== undefined) {
      throw new HeedError('INVALID_ARGUMENT', {
        message: `alignment: gold position ${outside} of a source with ${row.length} symbols`,
        details: { symbol: i, position: outside },
      });
    }
    symbols++;
    missed += 1 - positions.reduce((sum, position) => sum + row[position], 0);
    if (!positions.includes(row.indexOf(Math.max(...row)))) misplaced++;
  });
  return { symbols, missed, misplaced };
}

export interface AlignmentRates {
  /** Number of output symbols compared. */
  readonly symbols: number;
  /**
   * Share of attention outside the gold positions, in [0, 1]: Σ missed / symbols.
   *
   * It is the alignment error rate 1 − (|A∩S| + |A∩P|) / (|A| + |S|) with the weights as a soft alignment A, as in SAER. Gold
   * positions count as possible links P, and the set of sure links S is empty, since a symbol comes from a part of the source
   * but not from each character of that part.
   *
   * @see Och & Ney 2003, "A systematic comparison of various statistical alignment models", §6;
   *   Tu et al. 2016, arXiv:1601.04811, §5 (SAER)
   */
  readonly alignmentErrorRate: number;
  /** Share of symbols that attend most to one of their gold positions, in [0, 1]. */
  readonly alignedRate: number;
}

/** Rates over the symbols of all outputs together, not means of each output's rate; undefined without a symbol to compare. */
export function alignmentRates(compared: readonly AlignmentErrors[]): AlignmentRates | undefined {
  const symbols = compared.reduce((sum, one) => sum + one.symbols, 0);
  if (symbols === 0) return undefined;
  return {
    symbols,
    alignmentErrorRate: compared.reduce((sum, { missed }) => sum + missed, 0) / symbols,
    alignedRate: 1 - compared.reduce((sum, { misplaced }) => sum + misplaced, 0) / symbols,
  };
}
