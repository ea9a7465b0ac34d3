import type { Answer } from '../task.js';
import type { Calibration } from './calibration.js';
import { confidenceOf } from './confidence.js';
import { unlikeness, type Unlike } from './known-inputs.js';

/** How far an answer can be trusted. */
export interface Trust {
  /** Probability that the answer is right; absent where none is right or wrong. */
  readonly confidence?: number;
  /** Ways in which the input is unlike those that the model learnt from. */
  readonly unlike: readonly Unlike[];
}

/**
 * Tells how far a calibrated model's answers can be trusted.
 *
 * @param write text of an input, as the task's `write`
 * @returns a function of an input and its answer; it throws HeedError INVALID_ARGUMENT for answers of another task
 */
export function trustIn<Input>(
  { confidence, inputs }: Pick<Calibration, 'confidence' | 'inputs'>,
  write: (input: Input) => string,
): (input: Input, answer: Pick<Answer, 'evidence'>) => Trust {
  const unlike = unlikeness(inputs);
  return (input, { evidence }) => ({
    ...(confidence && evidence && { confidence: confidenceOf(confidence, evidence) }),
    unlike: unlike(write(input)),
  });
}
