import { HeedError } from '@heed/core';
import { BOUNDARY, type Vocabulary } from '@heed/nn';

/** What a language model learns from, and is measured on. */
export interface TextSequence {
  /** Symbols of the text, at least one. */
  readonly symbols: readonly string[];
  /** Number of symbols at the start that are only read, not predicted. Default 0. */
  readonly context?: number;
  /** Whether the text ends after its last symbol: then its end is predicted, too. Default true. */
  readonly ends?: boolean;
}

/** Texts side by side, row-major [B, T]: places of short ones are filled up with the boundary, and count nothing. */
export interface TextBatch {
  /** What is read at each place: the symbol before it, the boundary at the first. */
  readonly inputs: Int32Array;
  /** What is to be predicted there: the symbol, or the boundary where the text ends. */
  readonly targets: Int32Array;
  /** 1 for what is predicted, else 0. */
  readonly counts: Float32Array;
  readonly batch: number;
  readonly time: number;
}

/** Number of predicted symbols, the end included. */
export const predictions = ({ symbols, context = 0, ends = true }: TextSequence): number =>
  symbols.length + (ends ? 1 : 0) - context;

/**
 * @throws HeedError INVALID_ARGUMENT for a text that predicts nothing, a context out of range, or a symbol that the
 *   vocabulary lacks
 */
export function textBatch(sequences: readonly TextSequence[], vocabulary: Vocabulary): TextBatch {
  sequences.forEach(checkSequence);
  const batch = sequences.length;
  const time = sequences.reduce(
    (longest, { symbols, ends = true }) => Math.max(longest, symbols.length + Number(ends)),
    0,
  );
  const inputs = new Int32Array(batch * time).fill(BOUNDARY);
  const targets = new Int32Array(batch * time).fill(BOUNDARY);
  const counts = new Float32Array(batch * time);
  sequences.forEach(({ symbols, context = 0, ends = true }, b) => {
    const ids = vocabulary.encode(symbols);
    targets.set(ids, b * time);
    inputs.set(ids.slice(0, time - 1), b * time + 1);
    counts.fill(1, b * time + context, b * time + ids.length + Number(ends));
  });
  return { inputs, targets, counts, batch, time };
}

function checkSequence(sequence: TextSequence, n: number): void {
  const { symbols, context = 0 } = sequence;
  if (Number.isInteger(context) && context >= 0 && context <= symbols.length && predictions(sequence) > 0) return;
  throw new HeedError('INVALID_ARGUMENT', {
    message: `text ${n}: of ${symbols.length} symbols, ${context} are context, so nothing is left to be predicted`,
    hint: 'context is a whole number from 0 to below the number of symbols',
    details: { symbols: symbols.length, context },
  });
}
