import { HeedError } from '@heed/base';

/** How sure a model was of an output, and whether the output was right. */
export interface Judged {
  /** Probability that the output is right, as the model says, in [0, 1]. */
  readonly confidence: number;
  readonly correct: boolean;
}

/** Outputs of about equal confidence: one bar of a reliability diagram. */
export interface ReliabilityBin {
  /** Least and greatest confidence of its outputs. */
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** Mean confidence. */
  readonly confidence: number;
  /** Share of outputs that are right. */
  readonly accuracy: number;
}

export interface CalibrationReport {
  /**
   * Σ_b n_b/n · |accuracy_b − confidence_b|, in [0, 1]: how far confidence is from the share of right outputs, on average.
   * 0 without outputs.
   */
  readonly expectedCalibrationError: number;
  /** Bins with outputs in them, by confidence. */
  readonly bins: readonly ReliabilityBin[];
}

/** Kinds of bins: of equal numbers of outputs, but for ties, which stay together; or of equal ranges of confidence. */
export type Binning = 'equal-mass' | 'equal-width';

/**
 * Expected calibration error, with the bins of a reliability diagram.
 *
 * @param bins greatest number of bins; fewer where outputs are few. Default 10
 * @throws HeedError INVALID_ARGUMENT for a confidence outside [0, 1], or a number of bins that isn't a whole number ≥ 1
 * @see Guo, Pleiss, Sun & Weinberger 2017, arXiv:1706.04599, eq. 3, for bins of equal width; Naeini, Cooper & Hauskrecht 2015,
 *   "Obtaining well calibrated probabilities using Bayesian binning", for equal mass
 */
export function calibrationReport(
  outputs: readonly Judged[],
  { bins = 10, binning = 'equal-mass' }: { readonly bins?: number; readonly binning?: Binning } = {},
): CalibrationReport {
  if (!Number.isSafeInteger(bins) || bins < 1) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `calibrationReport: bins is ${bins}`,
      hint: 'a whole number ≥ 1',
    });
  }
  const wrong = outputs.find(({ confidence }) => !(confidence >= 0 && confidence <= 1));
  if (wrong !== undefined) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `calibrationReport: a confidence is ${wrong.confidence}`,
      hint: 'probabilities are from 0 to 1',
    });
  }
  const sorted = outputs.toSorted((a, b) => a.confidence - b.confidence);
  const groups = binning === 'equal-width' ? byWidth(sorted, bins) : byMass(sorted, bins);
  const made = groups.filter(({ length }) => length > 0).map(toBin);
  const error = made.reduce((sum, { count, confidence, accuracy }) => sum + count * Math.abs(accuracy - confidence), 0);
  return { expectedCalibrationError: outputs.length === 0 ? 0 : error / outputs.length, bins: made };
}

function byWidth(sorted: readonly Judged[], bins: number): Judged[][] {
  const groups = Array.from({ length: bins }, (): Judged[] => []);
  for (const one of sorted) groups[Math.min(bins - 1, Math.floor(one.confidence * bins))].push(one);
  return groups;
}

/** Groups of as equal sizes as ties allow. */
function byMass(sorted: readonly Judged[], bins: number): Judged[][] {
  const groups: Judged[][] = [];
  let start = 0;
  for (let bin = 1; bin <= bins; bin++) {
    let end = Math.max(start, Math.round((bin * sorted.length) / bins));
    while (end > start && end < sorted.length && sorted[end].confidence === sorted[end - 1].confidence) end++;
    groups.push(sorted.slice(start, end));
    start = end;
  }
  return groups;
}

function toBin(outputs: readonly Judged[]): ReliabilityBin {
  const count = outputs.length;
  return {
    from: outputs[0].confidence,
    to: outputs.at(-1)!.confidence,
    count,
    confidence: outputs.reduce((sum, { confidence }) => sum + confidence, 0) / count,
    accuracy: outputs.filter(({ correct }) => correct).length / count,
  };
}
