import { formatFigure } from '@heed/models/card';
import type { ConfidenceReport, Unlike } from '@heed/tasks';

/** Confidence in whole per cent; what is near 0 and 1 is no certainty. */
export function percentOf(confidence: number): string {
  if (confidence >= 0.995) return 'over 99 %';
  if (confidence < 0.005) return 'under 1 %';
  return `${Math.round(100 * confidence)} %`;
}

/** One sentence of the ways in which an input is unlike those that a model learnt from. */
export const unlikeInWords = (unlike: readonly Unlike[]): string =>
  `unlike what it learnt from: ${unlike.map(({ message }) => message).join('; ')}`;

/** Expected calibration error for people. */
export const reliabilityInWords = ({ examples, before, after }: ConfidenceReport, unit: string): string =>
  `expected calibration error ${formatFigure(after.expectedCalibrationError, 'share')}, uncalibrated ` +
  `${formatFigure(before.expectedCalibrationError, 'share')} (${examples.toLocaleString('en')} ${unit})`;

/** The same for programs: events and cards. */
export const calibrationErrors = ({ before, after }: ConfidenceReport): { before: number; after: number } => ({
  before: before.expectedCalibrationError,
  after: after.expectedCalibrationError,
});
