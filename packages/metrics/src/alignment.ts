import { HeedError } from '@heed/base';

/** How the attention of one output compares with a gold alignment. */
export interface AlignmentErrors {
  /** Symbols of the output that the gold alignment says something about. */
  readonly symbols: number;
  /** Σ over them of the weight that isn't on their gold positions. */
  readonly missed: number;
  /** How many of them attend most to a position that isn't gold. */
  readonly misplaced: number;
}

/**
 * Compares attention with the positions of the source that an output symbol is known to come from. Symbols with no gold
 * position (what is the same in every output, such as a hyphen) are left aside, and so is what one of the two is longer by.
 *
 * @param weights α, a row per output symbol
 * @param gold    of each output symbol the positions of the source, in any order
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
  /** Output symbols compared. */
  readonly symbols: number;
  /**
   * Σ missed / symbols: the share of attention that falls beside the gold positions, in [0, 1].
   *
   * It is the alignment error rate 1 − (|A∩S| + |A∩P|) / (|A| + |S|) with the weights as a soft alignment A, as in SAER, when
   * gold positions are possible links P and none is a sure one S: a symbol comes from its part of the source, not from each
   * character of it.
   *
   * @see Och & Ney 2003, "A systematic comparison of various statistical alignment models", §6;
   *   Tu et al. 2016, arXiv:1601.04811, §5 (SAER)
   */
  readonly alignmentErrorRate: number;
  /** The share of symbols that attend most to one of their gold positions. */
  readonly alignedRate: number;
}

/** Rates over all outputs, not means of rates; undefined where there is nothing to compare. */
export function alignmentRates(compared: readonly AlignmentErrors[]): AlignmentRates | undefined {
  const symbols = compared.reduce((sum, one) => sum + one.symbols, 0);
  if (symbols === 0) return undefined;
  return {
    symbols,
    alignmentErrorRate: compared.reduce((sum, { missed }) => sum + missed, 0) / symbols,
    alignedRate: 1 - compared.reduce((sum, { misplaced }) => sum + misplaced, 0) / symbols,
  };
}
