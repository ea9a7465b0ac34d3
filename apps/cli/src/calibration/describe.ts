import { formatFigure, type ModelCard } from '@heed/models/card';
import type { ConfidenceReport, Unlike } from '@heed/tasks';

/** One sentence of the ways in which an input is unlike those that a model learnt from. */
export const unlikeInWords = (unlike: readonly Unlike[]): string =>
  `unlike what it learnt from: ${unlike.map(({ message }) => message).join('; ')}`;

/** How far confidence can be trusted, as events and cards have it. */
type Reliability = Pick<NonNullable<ModelCard['confidence']>, 'examples' | 'expectedCalibrationError'>;

/** Expected calibration error of a report, before calibration and after. */
export const reliabilityOf = ({ examples, before, after }: ConfidenceReport): Reliability => ({
  examples,
  expectedCalibrationError: { before: before.expectedCalibrationError, after: after.expectedCalibrationError },
});

/** The same for people. */
export const reliabilityInWords = ({ examples, expectedCalibrationError: error }: Reliability, unit: string): string =>
  `confidence: expected calibration error ${formatFigure(error.after, 'share')}, uncalibrated ` +
  `${formatFigure(error.before, 'share')} (${examples.toLocaleString('en')} ${unit})`;
